import { createHash } from 'node:crypto';
import type { Envelope } from '@samspill/contracts';
import type { OutgoingEvent } from '@samspill/event-log';
import { clearEvent, sealEvent, type DataKey } from '@samspill/privacy';
import type { WireFormat } from '@samspill/schema-registry';
import type { MeasurementRow } from './measurement-row.ts';
import type { ClearRows, RowContent, SealedRows } from './row-product.ts';

/** The envelope as the intake fills it; keys and marks have the form of an HMAC. */
function envelopeOf({ eventId, recordedAt }: MeasurementRow): Envelope {
  const mark = (what: string): string =>
    createHash('sha256').update(`${what}/${eventId}`).digest('base64url');
  return {
    eventId,
    occurredAt: recordedAt,
    recordedAt,
    naturalKey: mark('natural key'),
    contentMark: mark('content'),
    source: { orgnrParent: '310000019', orgnrChild: null, clientId: 'home-hub', system: null },
    correlationId: null,
    causationId: null,
  };
}

const contentOf = ({
  code,
  value,
  unit,
  effectiveAt,
  organisation,
}: MeasurementRow): RowContent => ({
  code,
  value,
  unit,
  effectiveAt,
  organisation,
});

export const clearRowEvent = (
  wire: WireFormat,
  { events }: ClearRows,
  row: MeasurementRow,
): OutgoingEvent =>
  clearEvent(wire, events.Row, {
    patient: row.patient,
    clear: { envelope: envelopeOf(row), ...contentOf(row) },
  });

export const sealedRowEvent = (
  wire: WireFormat,
  { events }: SealedRows,
  row: MeasurementRow,
  key: DataKey,
): OutgoingEvent =>
  sealEvent(wire, events.Row, {
    patient: row.patient,
    clear: { envelope: envelopeOf(row) },
    content: contentOf(row),
    key,
  });
