import type { Evidence } from '../evidence/evidence.ts';
import { operationsOf, ordersOf } from '../evidence/operations.ts';
import type { Finding } from './check.ts';

/** The numbers of a run, for its result file. Times in milliseconds. */
export interface Totals {
  readonly operations: number;
  readonly acknowledged: number;
  /** Tries that ended without an answer, or with one that says nothing; each was sent again. */
  readonly unclear: number;
  /** Answered that what was sent, or what it changes, is erased. */
  readonly erased: number;
  readonly logRecords: number;
  /** Records beyond the first of an event: what producers repeated. */
  readonly repeats: number;
  readonly shreds: number;
  readonly closings: number;
  readonly openings: number;
  /** That showed a patient, and of these those that waited for a write. */
  readonly reads: number;
  readonly readsAfter: number;
  readonly readsRefused: number;
  /** Acknowledged and not there: in the log, or in a read model that should hold it. */
  readonly lost: number;
  readonly appliedTwice: number;
  readonly outOfOrder: number;
  readonly phantoms: number;
  /** All that any check found. */
  readonly findings: number;
  /** The longest time without any acknowledgement, from the first operation to the last outcome. */
  readonly longestStallMs: number;
}

export function totalsOf(evidence: Evidence, findings: readonly Finding[]): Totals {
  const { history, log } = evidence;
  const operations = operationsOf(history);
  const acknowledged = new Set(
    operations.flatMap(({ outcome }) => (outcome?.kind === 'ok' ? [outcome.eventId] : [])),
  );
  const orders = ordersOf(history);
  const ordered = (action: string): number => orders.filter((one) => one.action === action).length;
  const reads = history.filter((line) => line.kind === 'read');
  const shown = reads.filter(({ seen }) => seen !== undefined);
  const found = (...names: string[]): number =>
    findings.filter(({ check }) => names.includes(check)).length;
  const lost = new Set(
    findings.flatMap(({ check, eventId }) =>
      losing.has(check) && eventId !== undefined && acknowledged.has(eventId) ? [eventId] : [],
    ),
  );
  return {
    operations: operations.length,
    acknowledged: operations.filter(({ outcome }) => outcome?.kind === 'ok').length,
    unclear: history.filter(({ kind }) => kind === 'info').length,
    erased: operations.filter(({ outcome }) => outcome?.kind === 'erased').length,
    logRecords: log.length,
    repeats: log.length - new Set(log.map(({ eventId }) => eventId)).size,
    shreds: ordered('shred'),
    closings: ordered('close'),
    openings: ordered('open'),
    reads: shown.length,
    readsAfter: shown.filter(({ after }) => after !== undefined).length,
    readsRefused: reads.length - shown.length,
    lost: lost.size,
    appliedTwice: found('applied-once'),
    outOfOrder: found('rising-order'),
    phantoms: found('no-phantom'),
    findings: findings.length,
    longestStallMs: longestStall(history),
  };
}

const losing: ReadonlySet<string> = new Set([
  'acknowledged-in-place',
  'later-care-kept',
  'nothing-lost',
  'opened-again-complete',
]);

function longestStall(history: Evidence['history']): number {
  const times = history
    .filter(({ kind }) => kind === 'ok')
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  const began = history.find(({ kind }) => kind === 'invoke')?.at;
  const ended = history.findLast(({ kind }) => kind === 'info' || kind === 'ok')?.at;
  if (began === undefined || ended === undefined) return 0;
  const all = [began, ...times, Math.max(ended, times.at(-1) ?? began)];
  return Math.round(Math.max(...all.slice(1).map((at, index) => at - (all[index] ?? at)), 0));
}
