import {
  measurements,
  type MeasurementCorrected,
  type MeasurementRecorded,
  type MeasurementRetracted,
} from '@samspill/contracts';
import { projection, row, table, type LoggedEvent } from '@samspill/read-model';

const heldEvents = table({
  name: 'held_event',
  columns: {
    natural_key: 'text',
    content_mark: 'text',
    measurement_id: 'text',
    event_name: 'text',
    recorded_at: 'timestamptz',
    erased: 'boolean',
  },
});

type Clear = MeasurementRecorded | MeasurementCorrected | MeasurementRetracted;

const held = ({ name, clear }: LoggedEvent<Clear, undefined>) => [
  row(heldEvents, {
    natural_key: clear.envelope.naturalKey,
    content_mark: clear.envelope.contentMark,
    measurement_id: clear.measurementId,
    event_name: name,
    recorded_at: clear.envelope.recordedAt,
    erased: false,
  }),
];

/**
 * What the intake must remember, from clear fields alone: it asks for no keys and no closing grant takes it away, so a
 * resend is known even where the service may no longer open what it once sent (design D14).
 */
export const ledgerProjection = projection({
  name: 'ledger',
  product: measurements,
  opens: false,
  tables: [heldEvents],
  on: { MeasurementRecorded: held, MeasurementCorrected: held, MeasurementRetracted: held },
  shredded: { table: heldEvents, set: { erased: true } },
});
