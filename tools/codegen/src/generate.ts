import type { SchemaSource, SourceProduct, SourceRecord } from '@samspill/schema-source';
import { format } from 'prettier';
import { interfacesOf } from './typescript-of.ts';

const banner = (from: string): string =>
  `// Generated from ${from} by \`npm run codegen\`. Change it there.\n`;

/** The text of every generated file, by its name below `libs/contracts/src/generated/`. */
export async function generate(source: SchemaSource): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const declared = new Set<string>();
  const common = source.products
    .flatMap(recordsOf)
    .flatMap(({ schema }) => commonRecordsIn(schema))
    .flatMap((schema) => interfacesOf(schema, declared));
  files.set('common.ts', `${banner('schemas/common')}\n${common.join('\n\n')}\n`);
  for (const product of source.products) files.set(`${product.domain}.ts`, productFile(product));
  files.set('index.ts', indexFile(source));
  const formatted = [...files].map(
    async ([name, text]) =>
      [
        name,
        await format(text, { parser: 'typescript', printWidth: 100, singleQuote: true }),
      ] as const,
  );
  return new Map(await Promise.all(formatted));
}

const recordsOf = ({ events }: SourceProduct): SourceRecord[] => {
  const records = events.flatMap((event) => (event.seals ? [event, event.seals] : [event]));
  return [...new Map(records.map((record) => [record.fullName, record])).values()];
};

/** The records of schemas/common that stand inside a schema. */
function commonRecordsIn(node: unknown): SourceRecord['schema'][] {
  if (typeof node !== 'object' || node === null) return [];
  const inside = Object.values(node).flatMap(commonRecordsIn);
  const schema = node as SourceRecord['schema'];
  return schema.namespace === 'samspill.common' && schema.type === 'record'
    ? [schema, ...inside]
    : inside;
}

function productFile(product: SourceProduct): string {
  const declared = new Set<string>();
  const records = recordsOf(product);
  const common = new Set(
    records.flatMap(({ schema }) => commonRecordsIn(schema)).map(({ name }) => name ?? ''),
  );
  for (const name of common) declared.add(name);
  const interfaces = records.flatMap(({ schema }) => interfacesOf(schema, declared));
  const text = interfaces.join('\n\n');
  const used = [...common].filter((name) => new RegExp(`\\b${name}\\b`).test(text)).sort();
  const constant = camel(product.domain);
  const sealed = [
    ...new Map(
      product.events.flatMap((e) => (e.seals ? [[e.seals.fullName, e.seals] as const] : [])),
    ).values(),
  ];

  const sealedConstants = sealed.map(
    (record) =>
      `const ${camel(short(record))}Type = sealedType<${short(record)}>(names.topic, '${record.fullName}', ${JSON.stringify(record.schema)});`,
  );
  const events = product.events.map((event) =>
    event.seals
      ? `${event.name}: eventType<${event.name}, ${short(event.seals)}>(names, '${event.fullName}', ${JSON.stringify(event.schema)}, ${camel(short(event.seals))}Type),`
      : `${event.name}: eventType<${event.name}>(names, '${event.fullName}', ${JSON.stringify(event.schema)}),`,
  );
  const imports = ['eventType', ...(sealed.length > 0 ? ['sealedType'] : [])].join(', ');
  return `${banner(`schemas/${product.domain}`)}
import { ${imports}, type DataProduct } from '../data-product.ts';
import type { ${used.join(', ')} } from './common.ts';

${text}

const names = { product: '${product.file.product}', topic: '${product.topic}' };
${sealedConstants.join('\n')}
const events = {
${events.join('\n')}
};

/** ${product.file.title}: ${product.file.purpose.trim()} */
export const ${constant} = {
  name: names.product,
  domain: '${product.domain}',
  topic: names.topic,
  partitions: ${product.file.topic.partitions},
  events,
} satisfies DataProduct;
`;
}

function indexFile({ products, subscriptions }: SchemaSource): string {
  const imports = products.map(
    ({ domain }) => `import { ${camel(domain)} } from './${domain}.ts';`,
  );
  const ours = subscriptions.map((s) => `'${s.consumer}': ${JSON.stringify(s)},`);
  return `${banner('schemas')}
import type { ConsumerSubscription, DataProduct } from '../data-product.ts';
${imports.join('\n')}

/** Every data product of the mesh. */
export const dataProducts: readonly DataProduct[] = [${products.map(({ domain }) => camel(domain)).join(', ')}];

/** Every consumer's subscription, by consumer. */
export const subscriptions = {
${ours.join('\n')}
} as const satisfies Record<string, ConsumerSubscription>;
`;
}

const short = ({ fullName }: SourceRecord): string => fullName.slice(fullName.lastIndexOf('.') + 1);
const camel = (name: string): string => {
  const joined = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return joined.charAt(0).toLowerCase() + joined.slice(1);
};
