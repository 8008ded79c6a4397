import { parse } from 'yaml';
import type { z } from 'zod';
import {
  dataProductFile,
  subscriptionFile,
  type DataProductFile,
  type SubscriptionFile,
} from './data-product-file.ts';
import { fullNameOf, inlineSchema, UnknownTypeError, type AvroObject } from './inline-schema.ts';
import type { SchemaFiles } from './schema-files.ts';

/** One record of a data product, self-contained. */
export interface SourceRecord {
  readonly fullName: string;
  readonly schema: AvroObject;
  /** Its file below `schemas/`. */
  readonly file: string;
}

export interface SourceEvent extends SourceRecord {
  readonly name: string;
  readonly seals: SourceRecord | undefined;
  readonly example: SourceExample;
}

/** `schemas/<domain>/examples/<Event>.json`: `{ "clear": …, "content": … }` */
export interface SourceExample {
  /** Its file below `schemas/`. */
  readonly file: string;
  /** Undefined when there is none. */
  readonly text: string | undefined;
}

/** A data product as `schemas/<domain>/` tells it. */
export interface SourceProduct {
  readonly domain: string;
  readonly file: DataProductFile;
  readonly topic: string;
  readonly events: readonly SourceEvent[];
}

export interface SchemaSource {
  readonly products: readonly SourceProduct[];
  readonly subscriptions: readonly SubscriptionFile[];
}

/** What is wrong with a file below `schemas/`. */
export class SchemaSourceError extends Error {
  override readonly name = 'SchemaSourceError';
  constructor(
    readonly file: string,
    readonly problem: string,
    readonly mend: string,
    cause?: unknown,
  ) {
    const text = `schemas/${file}: ${problem}. To mend: ${mend}.`;
    super(text, cause === undefined ? undefined : { cause });
  }
}

/** Reads every data product and subscription. Throws SchemaSourceError naming the file and what to mend. */
export function readSchemaSource(files: SchemaFiles): SchemaSource {
  const schemas = readAvroFiles(files);
  const definitions = new Map(
    [...schemas.values()].map((schema) => [fullNameOf(schema), schema] as const),
  );
  const products = [...files.keys()]
    .filter((name) => name.endsWith('/data-product.yaml'))
    .map((name) => readProduct(name, files, schemas, definitions));
  const known = new Set(products.map(({ file }) => file.product));
  const subscriptions = [...files.keys()]
    .filter((name) => /^subscriptions\/[^/]+\.yaml$/.test(name))
    .map((name) => readSubscription(name, files, known));
  return { products, subscriptions };
}

function readAvroFiles(files: SchemaFiles): Map<string, AvroObject> {
  const schemas = new Map<string, AvroObject>();
  for (const [name, text] of files) {
    if (!name.endsWith('.avsc')) continue;
    try {
      schemas.set(name, JSON.parse(text) as AvroObject);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new SchemaSourceError(name, `is not JSON: ${message}`, 'write it as JSON', cause);
    }
  }
  return schemas;
}

function readProduct(
  name: string,
  files: SchemaFiles,
  schemas: ReadonlyMap<string, AvroObject>,
  definitions: ReadonlyMap<string, AvroObject>,
): SourceProduct {
  const file = readYaml(dataProductFile, name, files);
  const folder = name.slice(0, name.lastIndexOf('/'));

  const record = (recordName: string): SourceRecord => {
    const path = `${folder}/${recordName}.avsc`;
    const schema = schemas.get(path);
    if (schema === undefined) {
      const problem = `names ${path}, which is not there`;
      throw new SchemaSourceError(name, problem, 'write that file, or take the name out');
    }
    try {
      const whole = inlineSchema(schema, definitions);
      return { fullName: fullNameOf(schema), schema: whole, file: path };
    } catch (error) {
      if (!(error instanceof UnknownTypeError)) throw error;
      throw new SchemaSourceError(path, error.message, 'define the type, or spell it as defined');
    }
  };
  const exampleOf = (path: string): SourceExample => ({ file: path, text: files.get(path) });
  const domain = file.product.slice(0, file.product.indexOf('.'));
  if (`${domain}.${file.topic.entity}` !== file.product) {
    throw new SchemaSourceError(
      name,
      `product and topic.entity differ`,
      'name the product <domain>.<entity>',
    );
  }
  return {
    domain,
    file,
    topic: `${file.product}.v${file.topic.major}`,
    events: Object.entries(file.events).map(([eventName, { seals }]) => ({
      ...record(eventName),
      name: eventName,
      seals: seals === undefined ? undefined : record(seals),
      example: exampleOf(`${folder}/examples/${eventName}.json`),
    })),
  };
}

function readSubscription(
  name: string,
  files: SchemaFiles,
  known: ReadonlySet<string>,
): SubscriptionFile {
  const subscription = readYaml(subscriptionFile, name, files);
  for (const product of subscription.products) {
    if (known.has(product)) continue;
    const problem = `subscribes to ${product}, which no folder holds`;
    throw new SchemaSourceError(name, problem, 'name a product that is there');
  }
  return subscription;
}

function readYaml<T>(form: z.ZodType<T>, name: string, files: SchemaFiles): T {
  const mend = 'see another file of its kind';
  let content: unknown;
  try {
    content = parse(files.get(name) ?? '');
  } catch (cause) {
    throw new SchemaSourceError(name, 'is not YAML', mend, cause);
  }
  const parsed = form.safeParse(content);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the file'}: ${message}`,
  );
  throw new SchemaSourceError(name, issues.join('; '), mend);
}
