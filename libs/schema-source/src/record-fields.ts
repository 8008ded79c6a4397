import { isUnion, type AvroField, type AvroJson, type AvroObject } from './inline-schema.ts';

/** A field of a record or of a record inside it. */
export interface FieldAt {
  /** `value.unit` */
  readonly path: string;
  readonly field: AvroField;
}

/** Every field of a self-contained record, also of the records inside it, each named type where it is first used. */
export const fieldsIn = (schema: AvroObject): FieldAt[] => inRecord(schema, []);

/** The names of all fields, wherever they stand. */
export const fieldNamesIn = (schema: AvroObject): string[] =>
  fieldsIn(schema).map(({ field }) => field.name);

export const topFieldsOf = (schema: AvroObject): readonly AvroField[] => schema.fields ?? [];

/** The full definitions that stand inside a type. */
export function definitionsIn(node: AvroJson): AvroObject[] {
  if (typeof node === 'string') return [];
  if (isUnion(node)) return node.flatMap(definitionsIn);
  const inner = [node.items, node.values, typeof node.type === 'object' ? node.type : undefined];
  return [node, ...inner.flatMap((type) => (type === undefined ? [] : definitionsIn(type)))];
}

function inRecord(schema: AvroObject, path: readonly string[]): FieldAt[] {
  return topFieldsOf(schema).flatMap((field) => {
    const at = [...path, field.name];
    const inside = definitionsIn(field.type).flatMap((type) => inRecord(type, at));
    return [{ path: at.join('.'), field }, ...inside];
  });
}
