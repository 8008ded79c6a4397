import { isUnion, type AvroJson, type AvroObject } from '@samspill/schema-source';

/** The interface declarations of a record and of all records inside it that are not in `declared` yet. */
export function interfacesOf(record: AvroObject, declared: Set<string>): string[] {
  const name = record.name ?? '';
  if (declared.has(name)) return [];
  declared.add(name);
  const inner: string[] = [];
  const fields = (record.fields ?? []).map((field) => {
    inner.push(...innerRecordsOf(field.type).flatMap((schema) => interfacesOf(schema, declared)));
    const doc = field.doc === undefined ? '' : `  /** ${field.doc} */\n`;
    return `${doc}  readonly ${field.name}: ${typeOf(field.type)};`;
  });
  const doc = record.doc === undefined ? '' : `/** ${record.doc} */\n`;
  return [...inner, `${doc}export interface ${name} {\n${fields.join('\n')}\n}`];
}

const primitives: Record<string, string> = {
  null: 'null',
  string: 'string',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  bytes: 'Buffer',
};

function typeOf(node: AvroJson): string {
  if (typeof node === 'string') return primitives[node] ?? node.slice(node.lastIndexOf('.') + 1);
  if (isUnion(node)) return [...node].sort(nullLast).map(typeOf).join(' | ');
  switch (node.type) {
    case 'record':
      return node.name ?? '';
    case 'array':
      return `readonly ${parenthesised(typeOf(node.items ?? 'null'))}[]`;
    case 'map':
      return `Readonly<Record<string, ${typeOf(node.values ?? 'null')}>>`;
    case 'enum':
      return (node.symbols ?? []).map((symbol) => `'${symbol}'`).join(' | ');
    case 'fixed':
      return 'Buffer';
    default:
      return typeOf(node.type);
  }
}

const parenthesised = (type: string): string => (type.includes(' ') ? `(${type})` : type);
const nullLast = (a: AvroJson, b: AvroJson): number => Number(a === 'null') - Number(b === 'null');

function innerRecordsOf(node: AvroJson): AvroObject[] {
  if (typeof node === 'string') return [];
  if (isUnion(node)) return node.flatMap(innerRecordsOf);
  if (node.type === 'record') return [node];
  if (node.type === 'array') return innerRecordsOf(node.items ?? 'null');
  if (node.type === 'map') return innerRecordsOf(node.values ?? 'null');
  return typeof node.type === 'object' ? innerRecordsOf(node.type) : [];
}
