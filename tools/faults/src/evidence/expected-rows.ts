import { isDestroyed, type Evidence, type ReadModelEvidence, type RowSeen } from './evidence.ts';
import { recordsByPosition } from './log-index.ts';
import { acknowledgedOf } from './operations.ts';

/** What a read model must hold by the replay, without the patients whose grant is closed. */
export const expectedRows = (evidence: Evidence, model: ReadModelEvidence): RowSeen[] =>
  model.expected.filter(({ patient }) => !isClosed(evidence, model, patient));

const isClosed = ({ closed }: Evidence, { consumer }: ReadModelEvidence, patient: string) =>
  consumer !== undefined && closed.get(consumer)?.has(patient) === true;

type Missing = Pick<RowSeen, 'eventId' | 'patient' | 'partition' | 'offset'>;

/**
 * What the replay gives and the read model lacks; and what was acknowledged, lies in the log under a key that is not
 * destroyed and is lacked all the same: so an event that the projection itself drops is missed too.
 */
export function missingRows(evidence: Evidence, model: ReadModelEvidence): Missing[] {
  const held = new Set(model.rows.map(({ eventId }) => eventId));
  const wanted = new Map<string, Missing>();
  for (const row of expectedRows(evidence, model)) wanted.set(row.eventId, row);
  const log = recordsByPosition(evidence.log);
  for (const { eventId, position } of acknowledgedOf(evidence.history)) {
    const event = log.get(position);
    if (event?.eventId !== eventId || isDestroyed(evidence.shredded, event.key, event.keyVersion))
      continue;
    if (isClosed(evidence, model, event.key) || wanted.has(eventId)) continue;
    wanted.set(eventId, { ...event, patient: event.key });
  }
  return [...wanted.values()].filter(({ eventId }) => !held.has(eventId));
}
