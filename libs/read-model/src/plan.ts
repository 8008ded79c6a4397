import { formatPosition, type EventId, type Position, type Pseudonym } from '@samspill/kernel';
import type { Rejected } from './decode-batch.ts';
import { openGate, type Gate, type Gates } from './gate.ts';
import type { Judged, Projected } from './open-batch.ts';
import type { Marking } from './projection.ts';
import type { Row } from './table.ts';

/** What becomes of a record. */
export type OutcomeKind =
  /** Its rows are there, from now on or from before. */
  | 'applied'
  | 'ignored'
  | 'rejected'
  | 'withheld'
  | 'shredded'
  /** Skipped, since an earlier record of the patient was rejected. */
  | 'parked'
  /** Not worked yet: delivered again after a pause. */
  | 'held';

/** What one transaction writes. */
export interface Plan {
  /** In the order of the log; one writing per event id, the first. */
  readonly events: Projected[];
  /** Gates that change. */
  readonly gates: Map<Pseudonym, Gate>;
  /** Patients whose rows go. */
  readonly retracted: Set<Pseudonym>;
  readonly counts: Map<OutcomeKind, number>;
  /** To be told to those who run the service. */
  readonly rejected: Rejected[];
}

/** A gate moved between the asking for keys and the transaction, so that the answers do not fit: ask again. */
export class GateMoved extends Error {
  override readonly name = 'GateMoved';
}

/**
 * Decides, in the order of the log, what of a batch is written behind the gates as they stand now, under the lock of the
 * offset row. `before` are the gates that were read before the keys were asked for. Throws GateMoved.
 */
export function planBehindGates(judged: readonly Judged[], before: Gates, now: Gates): Plan {
  const plan = emptyPlan();
  const write = writing(plan);

  const setGate = (patient: Pseudonym, record: Position, gate: Partial<Gate>): void => {
    const found = now.get(patient) ?? openGate;
    plan.gates.set(patient, { ...found, position: formatPosition(record), ...gate });
  };

  for (const one of judged) {
    const { patient } = one;
    if (patient === undefined) {
      skip(plan, one);
      continue;
    }
    const gate = plan.gates.get(patient) ?? now.get(patient) ?? openGate;
    if (gate.state !== 'open') {
      count(plan, gate.state === 'parked' ? 'parked' : 'withheld');
      continue;
    }
    switch (one.kind) {
      case 'projected':
        if (isShredded(one, gate)) count(plan, 'shredded');
        else {
          write(one);
          count(plan, 'applied');
        }
        break;
      case 'withheld':
        // A grant that opened after the vault had answered must not be overruled by the older answer.
        if (gate.position !== (before.get(patient) ?? openGate).position) throw new GateMoved();
        setGate(patient, one.record, { state: 'withheld', fromOffset: 0, reason: 'key withheld' });
        plan.retracted.add(patient);
        count(plan, 'withheld');
        break;
      case 'rejected':
        setGate(patient, one.record, {
          state: 'parked',
          fromOffset: one.record.offset,
          reason: one.code,
        });
        skip(plan, one);
        break;
      case 'shredded':
        count(plan, 'shredded');
        break;
      case 'closed':
        throw new GateMoved();
    }
  }
  const events = plan.events.filter(({ patient }) => !plan.retracted.has(patient));
  return { ...plan, events };
}

/** The same for a projection without gates: rows of a destroyed key are marked or dropped, rejected records skipped. */
export function planWithoutGates(
  judged: readonly Judged[],
  now: Gates,
  marking: Marking | undefined,
): Plan {
  const plan = emptyPlan();
  const write = writing(plan);
  for (const one of judged) {
    if (one.kind !== 'projected') {
      skip(plan, one);
      continue;
    }
    const shredded = isShredded(one, now.get(one.patient) ?? openGate);
    if (shredded && marking === undefined) {
      count(plan, 'shredded');
      continue;
    }
    const rows = shredded ? one.rows.map((row) => marked(row, marking)) : one.rows;
    write({ ...one, rows });
    count(plan, 'applied');
  }
  return plan;
}

const emptyPlan = (): Plan => ({
  events: [],
  gates: new Map(),
  retracted: new Set(),
  counts: new Map(),
  rejected: [],
});

/**
 * Takes an event into the plan. Of one that the log holds several times the writing under the latest key counts, the first
 * of these: what an older one stands on is destroyed, or about to be.
 */
const writing = ({ events }: Plan): ((one: Projected) => void) => {
  const indexes = new Map<EventId, number>();
  return (one) => {
    const index = indexes.get(one.event.id) ?? events.length;
    const before = events[index];
    if (before !== undefined && before.event.keyVersion >= one.event.keyVersion) return;
    events[index] = one;
    indexes.set(one.event.id, index);
  };
};

const count = ({ counts }: Plan, kind: OutcomeKind): void =>
  void counts.set(kind, (counts.get(kind) ?? 0) + 1);

const skip = (plan: Plan, one: Judged): void => {
  if (one.kind === 'rejected') plan.rejected.push(one);
  count(plan, one.kind === 'rejected' ? 'rejected' : 'ignored');
};

const isShredded = ({ event }: Projected, { shreddedVersion }: Gate): boolean =>
  event.keyVersion > 0 && event.keyVersion <= shreddedVersion;

const marked = (row: Row, marking: Marking | undefined): Row =>
  marking?.table === row.table ? { ...row, values: { ...row.values, ...marking.set } } : row;
