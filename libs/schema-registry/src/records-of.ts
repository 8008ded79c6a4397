import type { DataProduct, RecordType } from '@samspill/contracts';

/** Every record of a product that has a subject: its events and what they seal, each once. */
export function recordsOf(product: DataProduct): RecordType[] {
  const records = Object.values(product.events).flatMap((event) =>
    event.sealed ? [event, event.sealed] : [event],
  );
  return [...new Map(records.map((record) => [record.subject, record])).values()];
}
