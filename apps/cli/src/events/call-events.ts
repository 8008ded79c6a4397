import { dataProducts } from '@samspill/contracts';
import type { LoggedRecord } from '@samspill/event-log';
import { decodeRecords } from '../event-log/decoded-record.ts';
import type { OpenedLog } from '../event-log/open-log.ts';
import { PatientAliases } from '../tail/patient-aliases.ts';
import { tailedEvent, type TailedEvent } from '../tail/tailed-event.ts';
import { outputSize } from '../screen/live-screen.ts';
import { plainTable } from '../screen/plain-table.ts';
import { scanLog } from './find-records.ts';

/** The events that came of one call, as `--json` tells them. */
export interface CallEvents {
  readonly events: readonly TailedEvent[];
  /** Records that were looked at. */
  readonly looked: number;
}

/** Looks through the log for the events of the call with this nhn-event-id. Rejects as the log does. */
export async function callEvents(
  { log, wire }: OpenedLog,
  requestId: string,
  scan: {
    readonly since: Date | undefined;
    readonly signal: AbortSignal;
    readonly onProgress: (looked: number, total: number) => void;
  },
): Promise<CallEvents> {
  const pick = async (records: readonly LoggedRecord[]) => {
    // The id stands in clear, so that few records have to be decoded.
    const likely = records.filter(({ value }) => value?.includes(requestId));
    return (await decodeRecords(wire, likely)).flatMap(({ record, event }) =>
      event?.clear.envelope.correlationId === requestId ? record : [],
    );
  };
  const topics = dataProducts.map(({ topic }) => topic);
  const { records, looked } = await scanLog(log, { ...scan, topics, pick });
  const aliases = new PatientAliases();
  const decoded = await decodeRecords(wire, records);
  return { looked, events: decoded.map((one) => tailedEvent(one, undefined, aliases)) };
}

const columns = [
  { title: 'recorded' },
  { title: 'event' },
  { title: 'type', importance: 1, least: 8 },
  { title: 'patient', importance: 2 },
];

export function callEventsText(
  { events, looked }: CallEvents,
  requestId: string,
  since: Date | undefined,
): string {
  const { columns: width } = outputSize();
  const from = since === undefined ? 'its beginning' : since.toISOString();
  if (events.length === 0) {
    const none = `No event came of the call ${requestId}, among ${looked} records of the log since ${from}: what it sent was refused, ignored, or held already. To do: the line "entries refused" with that id in the log of the measurements service says what was refused, and why; samspill check FILE says it of the payload.`;
    return none;
  }
  const rows = events.map(({ time, eventId = '?', type = '?', patient = '?' }) => [
    ...[time, eventId, type, patient],
  ]);
  const told = `${events.length} of the call ${requestId}. To do: samspill events show EVENT says where one is, and why.`;
  return [...plainTable(columns, rows, width), told].join('\n');
}
