import type { MeasurementRecorded } from '@samspill/contracts';
import type { AcceptedMeasurement } from '@samspill/fhir';
import type { EventId, Pseudonym } from '@samspill/kernel';
import { measurementProjection } from '@samspill/observations';
import type { ColumnValue } from '@samspill/read-model';
import { hubMeasurements, hubOrganisation } from '../rows/hub-measurements.ts';

/** What a row says of its own; the rest is its form. */
export interface RowOf {
  readonly eventId: string;
  readonly measurementId: string;
  readonly patient: string;
  readonly nationalId: string;
  readonly partition: number;
  readonly offset: number;
  readonly measuredAtMs: number;
}

/** A measurement as the ward keeps it: a line of COPY with places for what differs. */
export interface RowForm {
  readonly series: string;
  line(row: RowOf): string;
}

/** Columns of the ward's table in the order of a line. */
export const columns = [
  ...['event_id', 'patient', 'src_partition', 'src_offset', 'key_version'],
  ...measurementProjection.tables.flatMap((table) => Object.keys(table.columns)),
];

/**
 * What a home hub sends in four days, through the rules of the intake and the ward's own projection: so a row has the
 * columns and the length that it has in the mesh.
 */
export function rowForms(): RowForm[] {
  const { nationalId, measurements } = hubMeasurements('row-forms');
  return measurements.map((one) => formOf(one, nationalId));
}

const receivedAfterMs = 60_000;
const zoneMs = 3_600_000;
const timeOf = (ms: number): string => new Date(ms).toISOString();

/** Characters that stand in no text of a hub, each for what a row says there. */
const places: Readonly<Record<string, (row: RowOf) => string>> = {
  '\ue000': ({ eventId }) => eventId,
  '\ue001': ({ measurementId }) => measurementId,
  '\ue002': ({ patient }) => patient,
  '\ue003': ({ nationalId }) => nationalId,
  '\ue004': ({ partition }) => String(partition),
  '\ue005': ({ offset }) => String(offset),
  // As the hub writes it: to the second, with the zone.
  '\ue006': ({ measuredAtMs }) => `${timeOf(measuredAtMs + zoneMs).slice(0, 19)}+01:00`,
  '\ue007': ({ measuredAtMs }) => timeOf(measuredAtMs),
  '\ue008': ({ measuredAtMs }) => timeOf(measuredAtMs + 1_000),
  '\ue009': ({ measuredAtMs }) => timeOf(measuredAtMs + receivedAfterMs),
};

function formOf(accepted: AcceptedMeasurement, nationalId: string): RowForm {
  const values = rowValues(accepted);
  const placed: Readonly<Record<string, ColumnValue | undefined>> = {
    ...{ ...values, event_id: '\ue000', measurement_id: '\ue001', patient: '\ue002' },
    ...{ src_partition: '\ue004', src_offset: '\ue005', key_version: 1 },
    ...{ effective_from: '\ue007', effective_to: '\ue008', recorded_at: '\ue009' },
  };
  const pieces = columns
    .map((column) => copyText(placed[column]))
    .join('\t')
    .replaceAll(accepted.content.effective.start ?? '', '\ue006')
    .replaceAll(nationalId, '\ue003')
    .split(/([\ue000-\ue009])/)
    .map((piece) => places[piece] ?? piece);
  return {
    series: copyText(values['series']),
    line: (row) => {
      let line = '';
      for (const piece of pieces) line += typeof piece === 'string' ? piece : piece(row);
      return `${line}\n`;
    },
  };
}

/** The row that the ward makes of it. */
function rowValues({ clear, content, occurredAtMs }: AcceptedMeasurement) {
  const ids = { eventId: '', naturalKey: '', contentMark: '', correlationId: null };
  const source = { orgnrParent: hubOrganisation, orgnrChild: null, clientId: 'home-hub' };
  const envelope = {
    ...{ ...ids, occurredAt: occurredAtMs, recordedAt: occurredAtMs, causationId: null },
    source: { ...source, system: 'Hub 2.1' },
  };
  const event = { ...clear, envelope, measurementId: '' } satisfies Omit<
    MeasurementRecorded,
    'sealed'
  >;
  const rows = measurementProjection.on['MeasurementRecorded']?.({
    id: '' as EventId,
    name: 'MeasurementRecorded',
    patient: '' as Pseudonym,
    position: { topic: '', partition: 0, offset: 0 },
    keyVersion: 1,
    clear: event,
    content,
  });
  if (rows?.[0] === undefined) throw new Error('the ward keeps a row of each measurement');
  return rows[0].values;
}

/** A value in the text form of COPY. */
function copyText(value: ColumnValue | undefined): string {
  if (value === null || value === undefined) return '\\N';
  const text = textOf(value);
  return text.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character);
}

function textOf(value: NonNullable<ColumnValue>): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value)
    ? `{${value.map((item) => JSON.stringify(item)).join(',')}}`
    : JSON.stringify(value);
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};
