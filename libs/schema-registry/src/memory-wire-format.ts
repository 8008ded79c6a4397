import type { DataProduct } from '@samspill/contracts';
import { memorySchemaRegistry } from './memory-schema-registry.ts';
import { recordsOf } from './records-of.ts';
import { wireFormat, type WireFormat } from './wire-format.ts';

/**
 * A wire format without a server, for unit tests: ids are invented, in the order of the products. Two of them read
 * each other's values when their products are the same.
 */
export function memoryWireFormat(products: readonly DataProduct[]): WireFormat {
  const registry = memorySchemaRegistry();
  const ids = new Map(
    products
      .flatMap(recordsOf)
      .map(({ fullName, subject, schema }) => [fullName, registry.add(subject, schema)]),
  );
  return wireFormat({ products, registry, ids });
}
