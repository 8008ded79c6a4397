import { newPseudonym, type EventId } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import { rejected } from './decode-batch.ts';
import { openGate, type Gate } from './gate.ts';
import type { Judged, Projected, Unopened } from './open-batch.ts';
import { GateMoved, planBehindGates, planWithoutGates } from './plan.ts';
import { table } from './table.ts';

const anna = newPseudonym();
const bjorn = newPseudonym();
const kept = table({ name: 'kept', columns: { erased: 'boolean' } });
const none = new Map<typeof anna, Gate>();
const at = (offset: number) => ({ topic: 't', partition: 0, offset });

const projected = (patient: typeof anna, offset: number, facts: Partial<Projected['event']> = {}) =>
  ({
    kind: 'projected',
    patient,
    record: at(offset),
    event: {
      id: `e${offset}` as EventId,
      name: 'E',
      patient,
      position: at(offset),
      keyVersion: 1,
      clear: {},
      content: {},
      ...facts,
    },
    rows: [{ table: kept, values: { erased: null } }],
  }) satisfies Projected;
const unopened = (kind: Unopened['kind'], patient: typeof anna, offset: number): Unopened => ({
  kind,
  patient,
  record: at(offset),
});
const gate = (facts: Partial<Gate>) => new Map([[anna, { ...openGate, ...facts }]]);
const offsets = (events: readonly Projected[]): number[] =>
  events.map(({ record }) => record.offset);

describe('behind the gates', () => {
  it('the first writing of an event id in a batch wins', () => {
    const id = 'same' as EventId;
    const batch = [projected(anna, 1, { id }), projected(bjorn, 2), projected(anna, 3, { id })];
    expect(offsets(planBehindGates(batch, none, none).events)).toEqual([1, 2]);
  });

  it.each(['withheld', 'parked', 'catching-up'] as const)(
    'a patient who is %s is skipped, whatever comes',
    (state) => {
      const batch: Judged[] = [
        projected(anna, 1),
        unopened('withheld', anna, 2),
        rejected(at(3), anna, 'SEAL_BROKEN'),
        projected(bjorn, 4),
      ];
      const plan = planBehindGates(batch, none, gate({ state }));
      expect(offsets(plan.events)).toEqual([4]);
      expect(plan.gates.size + plan.retracted.size + plan.rejected.length).toBe(0);
      const skipped = state === 'parked' ? 'parked' : 'withheld';
      expect(plan.counts).toEqual(
        new Map([
          [skipped, 3],
          ['applied', 1],
        ]),
      );
    },
  );

  it('a rejected record parks its patient from there on, and keeps what came before', () => {
    const batch = [projected(anna, 1), rejected(at(2), anna, 'SEAL_BROKEN'), projected(anna, 3)];
    const plan = planBehindGates(batch, none, none);
    expect(offsets(plan.events)).toEqual([1]);
    expect(plan.gates.get(anna)).toMatchObject({
      state: 'parked',
      fromOffset: 2,
      reason: 'SEAL_BROKEN',
      position: 't:0:2',
    });
    expect(plan.retracted.size).toBe(0);
  });

  it('a withheld key takes back also what the batch holds from before', () => {
    const batch = [projected(anna, 1), unopened('withheld', anna, 2), projected(bjorn, 3)];
    const plan = planBehindGates(batch, none, none);
    expect(offsets(plan.events)).toEqual([3]);
    expect([...plan.retracted]).toEqual([anna]);
    expect(plan.gates.get(anna)).toMatchObject({ state: 'withheld', fromOffset: 0 });
  });

  it('events on a destroyed key are dropped, those on a later one kept', () => {
    const batch = [
      projected(anna, 1, { keyVersion: 1 }),
      projected(anna, 2, { keyVersion: 3 }),
      projected(anna, 3, { keyVersion: 2 }),
      unopened('shredded', bjorn, 4),
    ];
    const plan = planBehindGates(batch, none, gate({ shreddedVersion: 2 }));
    expect(offsets(plan.events)).toEqual([2]);
    expect(plan.counts).toEqual(
      new Map([
        ['shredded', 3],
        ['applied', 1],
      ]),
    );
  });

  it('a repeat under a later key counts, also while the earlier one can be opened', () => {
    const id = 'same' as EventId;
    const batch = [
      projected(anna, 1, { id }),
      projected(anna, 2, { id, keyVersion: 2 }),
      projected(anna, 3, { id, keyVersion: 2 }),
      projected(anna, 4, { id }),
      projected(bjorn, 5),
    ];
    expect(offsets(planBehindGates(batch, none, none).events)).toEqual([2, 5]);
    expect(offsets(planWithoutGates(batch, none, undefined).events)).toEqual([2, 5]);
  });

  it('a repeat under a later key counts where the first stands on a destroyed one', () => {
    const id = 'same' as EventId;
    const batch = [projected(anna, 1, { id }), projected(anna, 2, { id, keyVersion: 2 })];
    expect(offsets(planBehindGates(batch, none, gate({ shreddedVersion: 1 })).events)).toEqual([2]);
  });

  it('keys are asked for again when a gate opened, or a grant came, after they were', () => {
    const opened = (): unknown => planBehindGates([unopened('closed', anna, 1)], none, none);
    const granted = (): unknown =>
      planBehindGates([unopened('withheld', anna, 1)], none, gate({ position: 'g:0:7' }));
    expect(opened).toThrow(GateMoved);
    expect(granted).toThrow(GateMoved);
  });
});

describe('without gates', () => {
  const marking = { table: kept, set: { erased: true } };
  const batch = [projected(anna, 1), projected(bjorn, 2)];

  it('rows of a destroyed key are marked where the projection says how', () => {
    const plan = planWithoutGates(batch, gate({ shreddedVersion: 1 }), marking);
    expect(plan.events.map(({ rows }) => rows[0]?.values)).toEqual([
      { erased: true },
      { erased: null },
    ]);
  });

  it('and dropped where it does not', () => {
    const plan = planWithoutGates(batch, gate({ shreddedVersion: 1 }), undefined);
    expect(offsets(plan.events)).toEqual([2]);
  });

  it('a rejected record is told and parks nobody', () => {
    const plan = planWithoutGates(
      [rejected(at(1), anna, 'RECORD_UNREADABLE'), projected(anna, 2)],
      none,
      marking,
    );
    expect(offsets(plan.events)).toEqual([2]);
    expect(plan.rejected).toHaveLength(1);
    expect(plan.gates.size).toBe(0);
  });
});
