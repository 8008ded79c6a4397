import type { AvroSchema } from '@samspill/contracts';
import type { SchemaRegistry } from './schema-registry.ts';

/** A registry in memory, for unit tests: it keeps what it is given and judges nothing. */
export interface MemorySchemaRegistry extends SchemaRegistry {
  /** `register` without waiting. */
  add(subject: string, schema: AvroSchema): number;
}

export function memorySchemaRegistry(): MemorySchemaRegistry {
  const versions: { subject: string; schema: AvroSchema; text: string }[] = [];

  const idIn = (subject: string, schema: AvroSchema): number | undefined => {
    const text = JSON.stringify(schema);
    const at = versions.findIndex((held) => held.subject === subject && held.text === text);
    return at < 0 ? undefined : at + 1;
  };
  const add = (subject: string, schema: AvroSchema): number =>
    idIn(subject, schema) ?? versions.push({ subject, schema, text: JSON.stringify(schema) });

  return {
    add,
    schemaOf: (id) => Promise.resolve(versions[id - 1]?.schema),
    idOf: (subject, schema) => Promise.resolve(idIn(subject, schema)),
    versionsOf: (subject) =>
      Promise.resolve(
        versions.filter((held) => held.subject === subject).map(({ schema }) => schema),
      ),
    register: (subject, schema) => Promise.resolve(add(subject, schema)),
  };
}
