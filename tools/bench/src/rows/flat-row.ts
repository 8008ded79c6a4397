import { avroType, type AvroSchema } from '@samspill/contracts';
import type { MeasurementRow } from './measurement-row.ts';

/** How the flat record, and its table, hold time. */
export type TimeForm = 'timestamptz' | 'bigint';

const timeType = (form: TimeForm) =>
  form === 'bigint' ? 'long' : { type: 'long', logicalType: 'timestamp-millis' };

/** The nine columns. */
const fieldsOf = (form: TimeForm) => [
  { name: 'event_id', type: 'string' },
  { name: 'patient', type: 'string' },
  { name: 'src_offset', type: 'long' },
  { name: 'code', type: 'string' },
  { name: 'value', type: 'double' },
  { name: 'unit', type: 'string' },
  { name: 'effective_at', type: timeType(form) },
  { name: 'organisation', type: 'string' },
  { name: 'recorded_at', type: timeType(form) },
];

export const flatColumns = fieldsOf('bigint').map(({ name }) => name);

/** The row as a flat Avro record: what a user of the JDBC sink would publish. */
export const flatSchema = (form: TimeForm): AvroSchema =>
  ({
    type: 'record',
    name: 'Row',
    namespace: 'samspill.bench.flat',
    fields: fieldsOf(form),
  }) as AvroSchema;

const type = avroType(flatSchema('bigint'));

/** In Confluent wire format under this schema id. */
export function flatValue(schemaId: number, row: MeasurementRow, offset: number): Buffer {
  const record = type.toBuffer({
    event_id: row.eventId,
    patient: row.patient,
    src_offset: offset,
    code: row.code,
    value: row.value,
    unit: row.unit,
    effective_at: row.effectiveAt,
    organisation: row.organisation,
    recorded_at: row.recordedAt,
  });
  const head = Buffer.alloc(5);
  head.writeInt32BE(schemaId, 1);
  return Buffer.concat([head, record]);
}
