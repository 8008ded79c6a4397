/** An Avro schema as JSON; only the parts that inlining looks at. */
export type AvroJson = string | readonly AvroJson[] | AvroObject;

export interface AvroObject {
  readonly type: AvroJson;
  readonly name?: string;
  readonly namespace?: string;
  readonly doc?: string;
  readonly logicalType?: string;
  readonly fields?: readonly AvroField[];
  readonly items?: AvroJson;
  readonly values?: AvroJson;
  readonly symbols?: readonly string[];
  readonly size?: number;
  /** Of an enum: the symbol that stands for one that the reader does not know. */
  readonly default?: unknown;
}

export interface AvroField {
  readonly name: string;
  readonly type: AvroJson;
  readonly doc?: string;
  readonly default?: unknown;
}

const primitives = new Set([
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
]);

/** A schema names a type that no file defines. */
export class UnknownTypeError extends Error {
  override readonly name = 'UnknownTypeError';
  constructor(type: string) {
    super(`names the type ${type}, which no schema defines`);
  }
}

const named = new Set<AvroJson>(['record', 'enum', 'fixed']);

/**
 * Makes a schema self-contained: each named type of another file is written out where it is first used, since
 * the registry gets one text per subject. Throws UnknownTypeError.
 */
export function inlineSchema(
  schema: AvroObject,
  definitions: ReadonlyMap<string, AvroObject>,
): AvroObject {
  const defined = new Set<string>();

  const walk = (node: AvroJson, namespace: string): AvroJson => {
    if (typeof node === 'string') {
      const full = node.includes('.') ? node : `${namespace}.${node}`;
      const definition = definitions.get(full);
      if (defined.has(full)) return full;
      if (definition !== undefined) return walk(definition, namespace);
      if (!primitives.has(node)) throw new UnknownTypeError(node);
      return node;
    }
    if (isUnion(node)) return node.map((branch) => walk(branch, namespace));
    const inner = node.namespace ?? namespace;
    if (node.name !== undefined && named.has(node.type)) {
      defined.add(`${inner}.${node.name}`);
    }
    return {
      ...node,
      ...(node.fields && {
        fields: node.fields.map((field) => ({ ...field, type: walk(field.type, inner) })),
      }),
      ...(node.items !== undefined && { items: walk(node.items, inner) }),
      ...(node.values !== undefined && { values: walk(node.values, inner) }),
      ...(typeof node.type === 'object' && { type: walk(node.type, inner) }),
    };
  };
  return walk(schema, schema.namespace ?? '') as AvroObject;
}

export const isUnion = (node: AvroJson): node is readonly AvroJson[] => Array.isArray(node);

export const fullNameOf = (schema: AvroObject): string =>
  `${schema.namespace ?? ''}.${schema.name ?? ''}`;
