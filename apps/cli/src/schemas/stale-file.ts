import { dataProducts } from '@samspill/contracts';
import { subjectsOf, type SchemaSource } from '@samspill/schema-source';

/** A file of `schemas/` that is newer than the code generated of it; undefined where none is. */
export function staleFile(source: SchemaSource): string | undefined {
  const generated = new Map(
    dataProducts
      .flatMap(({ events }) => Object.values(events))
      .flatMap((event) => (event.sealed ? [event, event.sealed] : [event]))
      .map(({ subject, schema }) => [subject, JSON.stringify(schema)]),
  );
  return subjectsOf(source).find(
    ({ subject, schema }) => generated.get(subject) !== JSON.stringify(schema),
  )?.file;
}
