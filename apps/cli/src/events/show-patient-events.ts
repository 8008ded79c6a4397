import { colours, tableOf } from '../terminal.ts';
import type { PatientAt, PatientEvent, PatientEvents } from './patient-events.ts';

const columns = [{ title: 'recorded' }, { title: 'event' }, { title: 'held by', share: 1 }];

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
  const { events, standings, isKnown } = found;
  const from = since === undefined ? '' : ` since ${since.toISOString()}`;
  if (!isKnown) {
    return `The mesh does not know the patient: nothing was ever taken in under this number. ${notSent}. ${howToTell}.`;
  }
  const lines = standings.map(standingLine);
  if (events.length === 0) {
    return [
      ...lines,
      `Nothing of the patient was recorded${from}${asFarAs(found)}. ${found.ledgerBehind === null ? notTaken : notSent}. ${howToTell}.`,
    ].join('\n');
  }
  const rows = events.map(({ recorded, eventId, heldBy, isErased }) => [
    recorded ?? '?',
    eventId,
    `${heldBy.map(holder).join(', ')}${isErased ? colours.yellow(' (erased)') : ''}`,
  ]);
  const count = events.length === 1 ? '1 event' : `${events.length} events`;
  const more = events.length < limit ? '' : ' (more by --limit)';
  return [
    ...lines,
    tableOf(columns, rows),
    `${count}${from}${asFarAs(found)}, the newest first${more}. To do: samspill events show EVENT says where one is, and why.`,
  ].join('\n');
}

function standingLine({ service, state, since, reason, position }: PatientAt): string {
  if (state === 'open') return `${service}: the patient is open, neither withheld nor parked`;
  const dated = since === null ? '' : ` since ${since}`;
  return `${service}: the patient is ${colours.yellow(state)}${dated} (${reason}, at ${position})`;
}

/** The ledger of the intake, or a service by its name. */
const holder = ({ service, projection }: PatientEvent['heldBy'][number]): string =>
  projection === 'ledger' ? projection : service;

function asFarAs({ ledgerBehind }: PatientEvents): string {
  if (ledgerBehind === 0) return '';
  const rest =
    ledgerBehind === null
      ? 'how far that is nobody knows, since log or intake does not answer'
      : `${ledgerBehind} records are before it`;
  return `, as far as the ledger of the intake has read (${rest})`;
}
