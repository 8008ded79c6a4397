import type { Evidence, ReadModelEvidence, RowSeen } from './evidence.ts';

/** What a read model must hold: what the replay gives, without the patients whose grant is closed. */
export function expectedRows({ closed }: Evidence, model: ReadModelEvidence): RowSeen[] {
  const away = model.consumer === undefined ? undefined : closed.get(model.consumer);
  return away === undefined
    ? [...model.expected]
    : model.expected.filter(({ patient }) => !away.has(patient));
}

/** Expected rows that are missing. */
export function missingRows(evidence: Evidence, model: ReadModelEvidence): RowSeen[] {
  const held = new Set(model.rows.map(({ eventId }) => eventId));
  return expectedRows(evidence, model).filter(({ eventId }) => !held.has(eventId));
}
