import {
  eventType,
  measurements,
  sealedType,
  type AvroSchema,
  type DataProduct,
  type Envelope,
  type EventType,
  type Sealed,
} from '@samspill/contracts';
import type { MeasurementRow } from './measurement-row.ts';

/** What the event says beside its envelope, in clear or under seal. */
export type RowContent = Pick<
  MeasurementRow,
  'code' | 'value' | 'unit' | 'effectiveAt' | 'organisation'
>;
export type ClearRow = { readonly envelope: Envelope } & RowContent;
export interface SealedRow {
  readonly envelope: Envelope;
  readonly sealed: Sealed;
}

/** A data product of measurement rows, with the envelope that every event of the mesh carries. */
export type ClearRows = DataProduct<{ Row: EventType<ClearRow, never> }>;
export type SealedRows = DataProduct<{ Row: EventType<SealedRow, RowContent> }>;

interface Fields {
  readonly fields: readonly { readonly name: string }[];
}

/** A field as the events of the mesh have it, with the types that it is made of. */
function fieldOfTheMesh(name: string): object {
  const { fields } = measurements.events.MeasurementRecorded.schema as unknown as Fields;
  const found = fields.find((field) => field.name === name);
  if (found === undefined) throw new Error(`events of the mesh have no field ${name}`);
  return found;
}

const contentFields = [
  { name: 'code', type: 'string' },
  { name: 'value', type: 'double' },
  { name: 'unit', type: 'string' },
  { name: 'effectiveAt', type: { type: 'long', logicalType: 'timestamp-millis' } },
  { name: 'organisation', type: 'string' },
];

const namespace = 'samspill.bench';
const recordOf = (name: string, fields: readonly object[]): AvroSchema =>
  ({ type: 'record', name, namespace, fields }) as AvroSchema;

/** The partitions of a product of the mesh. */
export const { partitions } = measurements;

export function clearRows(topic: string): ClearRows {
  const product = 'bench.row';
  const schema = recordOf('Row', [fieldOfTheMesh('envelope'), ...contentFields]);
  const Row = eventType<ClearRow>({ product, topic }, `${namespace}.Row`, schema);
  return { name: product, domain: 'bench', topic, partitions, events: { Row } };
}

/** Goes by the name of the measurements: the key vault gives keys for the products of the mesh alone. */
export function sealedRows(topic: string): SealedRows {
  const { name: product, domain } = measurements;
  const content = sealedType<RowContent>(
    topic,
    `${namespace}.RowContent`,
    recordOf('RowContent', contentFields),
  );
  const schema = recordOf('Row', [fieldOfTheMesh('envelope'), fieldOfTheMesh('sealed')]);
  const Row = eventType<SealedRow, RowContent>(
    { product, topic },
    `${namespace}.Row`,
    schema,
    content,
  );
  return { name: product, domain, topic, partitions, events: { Row } };
}
