import { randomUUID } from 'node:crypto';
import {
  eventType,
  measurements,
  sealedType,
  type AvroSchema,
  type DataProduct,
  type MeasurementRetracted,
  type RetractionContent,
} from '@samspill/contracts';

/** A product like measurements on a topic of its own, so that a test can release versions in a shared registry. */
export function trialProduct() {
  const { sealed, schema, fullName } = measurements.events.MeasurementRetracted;
  if (sealed === undefined) throw new Error('a retraction is sealed');
  const domain = `trial-${randomUUID()}`;
  const topic = `${domain}.measurement.v1`;
  const content = sealedType<RetractionContent>(topic, sealed.fullName, sealed.schema);
  const names = { product: `${domain}.measurement`, topic };
  const MeasurementRetracted = eventType<MeasurementRetracted, RetractionContent>(
    names,
    fullName,
    schema,
    content,
  );
  const events = { MeasurementRetracted };
  return { name: names.product, domain, topic, partitions: 6, events } satisfies DataProduct;
}

/** The schema without one of its fields. */
export function withoutField(schema: AvroSchema, name: string): AvroSchema {
  const record = schema as { fields: { name: string }[] };
  const fields = record.fields.filter((field) => field.name !== name);
  return { ...record, fields } as unknown as AvroSchema;
}
