import type { DataProduct } from '@samspill/contracts';
import { SamspillError } from '@samspill/kernel';
import { httpSchemaRegistry } from './http-schema-registry.ts';
import { recordsOf } from './records-of.ts';
import type { SchemaRegistry } from './schema-registry.ts';
import { wireFormat, type WireFormat } from './wire-format.ts';

export interface WireFormatOptions {
  /** Base of the Confluent-compatible API. */
  readonly registryUrl: string;
  /** What this service writes or reads. */
  readonly products: readonly DataProduct[];
}

/**
 * The wire format of a service. Looks up the ids of all records of the products and registers nothing.
 * Rejects with SCHEMA_NOT_REGISTERED naming the subject, or SCHEMA_REGISTRY_UNAVAILABLE.
 */
export const openWireFormat = ({ registryUrl, products }: WireFormatOptions): Promise<WireFormat> =>
  wireFormatOn(httpSchemaRegistry(registryUrl), products);

export async function wireFormatOn(
  registry: SchemaRegistry,
  products: readonly DataProduct[],
): Promise<WireFormat> {
  const found = await Promise.all(
    products.flatMap(recordsOf).map(async ({ fullName, subject, schema }) => {
      const id = await registry.idOf(subject, schema);
      if (id === undefined) throw new SamspillError('SCHEMA_NOT_REGISTERED', { place: subject });
      return [fullName, id] as const;
    }),
  );
  return wireFormat({ products, registry, ids: new Map(found) });
}
