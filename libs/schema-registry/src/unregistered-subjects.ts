import type { DataProduct } from '@samspill/contracts';
import { httpSchemaRegistry } from './http-schema-registry.ts';
import { recordsOf } from './records-of.ts';

/**
 * The subjects whose schema the registry does not hold as the products have it: the release step was not run since.
 * Rejects with SCHEMA_REGISTRY_UNAVAILABLE.
 */
export async function unregisteredSubjects(
  registryUrl: string,
  products: readonly DataProduct[],
): Promise<string[]> {
  const registry = httpSchemaRegistry(registryUrl);
  const records = products.flatMap(recordsOf);
  const ids = await Promise.all(
    records.map(({ subject, schema }) => registry.idOf(subject, schema)),
  );
  return records.filter((_, at) => ids[at] === undefined).map(({ subject }) => subject);
}
