import { outputSize } from '../screen/live-screen.ts';
import { plainTable } from '../screen/plain-table.ts';
import { colours } from '../terminal.ts';
import type { PatientAt, PatientEvent, PatientEvents } from './patient-events.ts';

const columns = [
  { title: 'recorded' },
  { title: 'event' },
  // Empty where every reader has them all.
  { title: 'not with', importance: 1, least: 16 },
];

const notSent = 'It was not sent, or it was refused';
const notTaken =
  'It was not sent, it was refused, or the intake cannot take it in now: see samspill status first';
const howToTell =
  'To do: ask the sender for the id of its call (nhn-event-id), then see what became of that: samspill events find --request ID';

/** How the patient stands, the events, and last in plain words what that means. */
export function patientEventsText(
  found: PatientEvents,
  { since, limit }: { readonly since: Date | undefined; readonly limit: number },
): string {
  const { columns: width } = outputSize();
  const { events, standings, isKnown, ledgerBehind } = found;
  const from = since === undefined ? '' : ` since ${since.toISOString()}`;
  const lines: string[] = [];
  if (!isKnown) {
    lines.push(
      `The mesh does not know the patient: nothing was ever taken in under this number. ${notSent}. ${howToTell}.`,
    );
  } else if (events.length === 0) {
    const why = ledgerBehind === null ? notTaken : notSent;
    lines.push(
      ...standings.map(standingLine),
      `Nothing of the patient was recorded${from}${asFarAs(found)}. ${why}. ${howToTell}.`,
    );
  } else {
    const rows = events.map((event) => [
      event.recorded ?? '?',
      event.eventId,
      missingCell(event, standings),
    ]);
    const count = events.length === 1 ? '1 event' : `${events.length} events`;
    const more = events.length < limit ? '' : ' (more by --limit)';
    lines.push(
      ...standings.map(standingLine),
      ...plainTable(columns, rows, width),
      `${count}${from}${asFarAs(found)}, the newest first${more}. To do: samspill events show EVENT says where one is, and why.`,
    );
  }
  return lines.join('\n');
}

function missingCell({ notWith, isErased }: PatientEvent, standings: readonly PatientAt[]): string {
  if (isErased) return colours.yellow('anybody (erased)');
  if (notWith.length === 0) return '';
  const isNowhere = standings.every(({ service }) => notWith.includes(service));
  return colours.yellow(isNowhere ? 'any reader' : notWith.join(', '));
}

function standingLine({ service, state, since, reason, position }: PatientAt): string {
  if (state === 'open') return `${service}: the patient is open, neither withheld nor parked`;
  const dated = since === null ? '' : ` since ${since}`;
  return `${service}: the patient is ${colours.yellow(state)}${dated} (${reason}, at ${position})`;
}

function asFarAs({ ledgerBehind }: PatientEvents): string {
  if (ledgerBehind === 0) return '';
  const rest =
    ledgerBehind === null
      ? 'how far that is nobody knows, since log or intake does not answer'
      : `${ledgerBehind} records are before it`;
  return `, as far as the ledger of the intake has read (${rest})`;
}
