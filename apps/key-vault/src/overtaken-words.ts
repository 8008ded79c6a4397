import type { LoggedRecord } from '@samspill/event-log';
import type { OutboxRow, PatientFact } from './outbox.ts';

/** A row of the outbox where it lies in the log; one row may lie there twice. */
export interface LoggedRow {
  readonly row: OutboxRow;
  readonly record: Pick<LoggedRecord, 'offset'>;
}

/**
 * The newest words about grants that have an older word behind them in the log: of two instances one can have sent a
 * fact that arrives after the other has sent it too, and what came next. A consumer goes by the last word, so the newest
 * is to be stated again. Not where it is not in the log yet: it will be the last. Pure.
 * `own` is all that was stated about the patients, `logged` one partition's batch, in order.
 */
export function overtakenWords(
  own: readonly OutboxRow[],
  logged: readonly LoggedRow[],
): PatientFact[] {
  const newest = new Map<string, OutboxRow>();
  for (const row of own) {
    const grant = grantOf(row);
    if (grant !== undefined && row.id > (newest.get(grant)?.id ?? -1)) newest.set(grant, row);
  }
  const firstSeen = new Map<number, number>();
  const overtaken = new Map<string, OutboxRow>();
  for (const { row, record } of logged) {
    if (!firstSeen.has(row.id)) firstSeen.set(row.id, record.offset);
    const grant = grantOf(row);
    const last = grant === undefined ? undefined : newest.get(grant);
    if (grant === undefined || last === undefined || last.id === row.id) continue;
    const lastAt = last.offset ?? firstSeen.get(last.id);
    if (lastAt !== undefined && lastAt < record.offset) overtaken.set(grant, last);
  }
  return [...overtaken.values()];
}

const grantOf = (row: OutboxRow): string | undefined =>
  row.event === 'KeyShredded'
    ? undefined
    : `${row.patient} ${row.facts.consumer} ${row.facts.product}`;
