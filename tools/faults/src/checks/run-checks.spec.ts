import { measurements } from '@samspill/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Evidence, ReadModelEvidence } from '../evidence/evidence.ts';
import { rowOf, SampleRun, withWard } from './evidence.sample.ts';
import { checks, runChecks } from './run-checks.ts';

let run: SampleRun;

/** Anna is left alone, Bea is shredded, Carl is closed, and Dora is closed and opened again. */
beforeEach(() => {
  run = new SampleRun();
  run.operation('anna', 1);
  run.operation('anna', 2);
  run.read('anna', 2, 2);
  run.operation('anna', 3, 'correct', 1);
  run.operation('anna', 4, 'retract', 2);
  run.read('anna', 3);
  run.operation('bea', 1);
  run.order('shred', 'bea');
  run.operation('bea', 2);
  run.operation('carl', 1);
  run.order('close', 'carl');
  run.operation('carl', 2);
  run.operation('dora', 1);
  run.order('close', 'dora');
  run.operation('dora', 2);
  run.order('open', 'dora');
});

/** Names of the checks that find something. */
const found = (evidence: Evidence): string[] => [
  ...new Set(runChecks(evidence).map(({ check }) => check)),
];

const rowsWithout = (evidence: Evidence, eventId: string): Evidence =>
  withWard(evidence, ({ rows }) => ({ rows: rows.filter((row) => row.eventId !== eventId) }));

it('a sound run has no findings', () => {
  expect(runChecks(run.evidence())).toEqual([]);
});

it('every check has a name of its own', () => {
  expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
});

describe('what is found, and by which check alone', () => {
  it('an acknowledged event is not in the log', () => {
    run.invoke('anna', 5);
    const sent = run.append('anna', 5);
    run.acknowledge('anna', 5, sent);
    run.log.pop();
    expect(found(run.evidence())).toEqual(['acknowledged-in-place']);
  });

  it('an acknowledged event lies elsewhere', () => {
    run.invoke('anna', 5);
    const sent = run.append('anna', 5);
    run.acknowledge('anna', 5, { ...sent, offset: 0 });
    const [finding] = runChecks(run.evidence());
    expect(finding).toMatchObject({
      check: 'acknowledged-in-place',
      eventId: 'anna-5',
      position: `${measurements.topic}:0:0`,
    });
    expect(finding?.message).toContain(`the event lies ${measurements.topic}:0:${sent.offset}`);
  });

  it('a record lies under another key', () => {
    run.invoke('anna', 5);
    const sent = run.append('eve', 5);
    run.acknowledge('anna', 5, sent);
    expect(found(run.evidence())).toEqual(['keyed-by-patient']);
  });

  it('a record lies on another partition than that of its key', () => {
    const evidence = run.evidence();
    const ends = [...evidence.ends, { topic: measurements.topic, partition: 1, next: 0 }];
    expect(found({ ...evidence, ends })).toEqual(['keyed-by-patient']);
  });

  it('an event lies before one that was acknowledged before it was invoked', () => {
    run.invoke('anna', 5);
    const early = run.append('anna', 6);
    run.acknowledge('anna', 5, run.append('anna', 5));
    run.invoke('anna', 6);
    run.acknowledge('anna', 6, early);
    expect(found(run.evidence())).toEqual(['rising-order']);
  });

  it('a repeat behind the next operation is none of these', () => {
    run.invoke('anna', 5);
    const first = run.append('anna', 5);
    run.acknowledge('anna', 5, first);
    run.operation('anna', 6);
    run.log.push({ ...first, offset: run.log.length });
    expect(found(run.evidence())).toEqual([]);
  });

  it('what certainly failed is in the log', () => {
    run.invoke('anna', 5);
    run.append('anna', 5);
    run.write({ kind: 'fail', op: 'anna/5', patient: 'anna', n: 5, why: '422' });
    expect(found(run.evidence())).toEqual(['no-phantom']);
  });

  it('an event is in the log that nobody invoked', () => {
    run.append('anna', 5);
    expect(found(run.evidence())).toEqual(['no-phantom']);
  });

  it('a retraction is in the log that nobody invoked', () => {
    run.append('anna', 5, 'retract', 1);
    expect(found(run.evidence())).toEqual(['no-phantom']);
  });

  it('a read model holds what is not in the log', () => {
    const stray = { ...rowOf(run.append('anna', 5)) };
    run.log.pop();
    const evidence = withWard(run.evidence(), ({ rows }) => ({ rows: [...rows, stray] }));
    expect(found(evidence)).toEqual(['no-phantom']);
  });

  it('a row was dropped', () => {
    expect(found(rowsWithout(run.evidence(), 'anna-3'))).toEqual(['nothing-lost']);
  });

  it('the projection drops an event, so that its replay drops it too', () => {
    const without = ({ rows, expected }: ReadModelEvidence) => ({
      rows: rows.filter(({ eventId }) => eventId !== 'anna-3'),
      expected: expected.filter(({ eventId }) => eventId !== 'anna-3'),
    });
    expect(found(withWard(run.evidence(), without))).toEqual(['nothing-lost']);
  });

  it('an event was applied twice', () => {
    const evidence = withWard(run.evidence(), ({ rows }) => ({
      rows: [...rows, ...rows.slice(0, 1)],
    }));
    expect(found(evidence)).toEqual(['applied-once']);
  });

  it('an operation that was sent again became another event', () => {
    run.invoke('anna', 5);
    run.log.push({ ...run.append('anna', 5), eventId: 'anna-5-again', offset: run.log.length });
    run.acknowledge('anna', 5, run.log.at(-1) ?? run.append('anna', 5));
    expect(found(run.evidence())).toEqual(['applied-once']);
  });

  it('a row says something else than the log', () => {
    const evidence = withWard(run.evidence(), ({ rows }) => ({
      rows: rows.map((row) => (row.eventId === 'anna-3' ? { ...row, digest: 'other' } : row)),
    }));
    expect(found(evidence)).toEqual(['replay-equals']);
  });

  it('a row stands at the place of a repeat', () => {
    const evidence = withWard(run.evidence(), ({ rows }) => ({
      rows: rows.map((row) => (row.eventId === 'anna-1' ? { ...row, offset: 99 } : row)),
    }));
    expect(found(evidence)).toEqual(['replay-equals']);
  });

  it('a retraction was acknowledged and what was published in its place is another version', () => {
    run.operation('anna', 5);
    run.invoke('anna', 6, 'retract', 5);
    run.acknowledge('anna', 6, run.append('anna', 6, 'correct', 5));
    expect(found(run.evidence())).toEqual(['retractions-took-effect']);
  });

  it('a retraction was forgotten by the read model', () => {
    expect(found(rowsWithout(run.evidence(), 'anna-4'))).toEqual([
      'nothing-lost',
      'retractions-took-effect',
    ]);
  });

  it('a checkpoint stands before the end', () => {
    const evidence = withWard(run.evidence(), ({ checkpoints }) => ({
      checkpoints: checkpoints.map((one) => ({ ...one, next: one.next - 1 })),
    }));
    expect(found(evidence)).toEqual(['checkpoints-at-end']);
  });

  it('a checkpoint went back for a moment', () => {
    const step = { topic: measurements.topic, partition: 0, next: 3, before: 5 };
    const stepsBack = [{ ...step, readModel: 'ward', at: 40, epoch: 2, epochBefore: 2 }];
    expect(found({ ...run.evidence(), stepsBack })).toEqual(['checkpoints-never-back']);
  });

  it('a row of a closed patient is there', () => {
    const evidence = run.evidence();
    const [own] = evidence.log.filter(({ key }) => key === 'carl').map(rowOf);
    const ward = withWard(evidence, ({ rows }) => ({ rows: [...rows, ...(own ? [own] : [])] }));
    expect(found(ward)).toEqual(['withdrawn-gone']);
  });

  it('a row that stands on a destroyed key is there', () => {
    const evidence = run.evidence();
    const [own] = evidence.log.filter(({ eventId }) => eventId === 'bea-1').map(rowOf);
    const ward = withWard(evidence, ({ rows }) => ({ rows: [...rows, ...(own ? [own] : [])] }));
    expect(found(ward)).toEqual(['withdrawn-gone']);
  });

  it('a shred was answered and is not in the log, so its rows are still there', () => {
    run.shredded.delete('bea');
    expect(found(run.evidence())).toEqual(['withdrawn-gone']);
  });

  it('a closing was answered and is not in the log, so its rows are still there', () => {
    run.closed.delete('carl');
    expect(found(run.evidence())).toEqual(['withdrawn-gone']);
  });

  it('a patient who was opened again lacks what came during the pause', () => {
    expect(found(rowsWithout(run.evidence(), 'dora-2'))).toEqual([
      'nothing-lost',
      'opened-again-complete',
    ]);
  });

  it('an opening was answered and is not in the log, so nothing came back', () => {
    run.closed.add('dora');
    expect(found(run.evidence())).toEqual(['opened-again-complete', 'nobody-waits']);
  });

  it.each(['parked', 'catching-up', 'withheld'])('a patient is %s without an order', (state) => {
    const evidence = withWard(run.evidence(), () => ({
      gates: [{ patient: 'anna', state, reason: 'SEAL_BROKEN', position: 'here' }],
    }));
    expect(found(evidence)).toEqual(['nobody-waits']);
  });

  it('later care is sealed by the key that was destroyed', () => {
    run.invoke('bea', 3);
    const sent = run.append('bea', 3);
    run.log[run.log.length - 1] = { ...sent, keyVersion: 1 };
    run.acknowledge('bea', 3, sent);
    expect(found(run.evidence())).toEqual(['later-care-kept']);
  });

  it('an event cannot be opened though no order destroyed its key', () => {
    const evidence = run.evidence();
    const log = evidence.log.map((one) => ({
      ...one,
      unopened: one.key === 'anna' ? 'shredded' : undefined,
    }));
    expect(found({ ...evidence, log })).toEqual(['later-care-kept']);
  });

  it('a read shows less than one before it', () => {
    run.read('anna', 2);
    expect(found(run.evidence())).toEqual(['reads-monotonic']);
  });

  it('reads that overlap may show either', () => {
    run.write({ kind: 'read', patient: 'anna', via: 'b', status: 200, began: 0, seen: 1 });
    expect(found(run.evidence())).toEqual([]);
  });

  it('a read that waited for a write does not show it', () => {
    run.operation('eve', 1);
    run.read('eve', 0, 1);
    expect(found(run.evidence())).toEqual(['reads-see-own-writes']);
  });

  it('a read of a patient of whom something was ordered says nothing', () => {
    run.read('dora', 2);
    run.read('dora', 0, 2);
    expect(found(run.evidence())).toEqual([]);
  });

  it('an operation and an order have no answer', () => {
    run.invoke('anna', 5);
    run.write({ kind: 'order', order: 'shred/9', action: 'shred', patient: 'eve', via: 'a' });
    const findings = runChecks(run.evidence());
    expect(findings.map(({ check }) => check)).toEqual(['all-answered', 'all-answered']);
  });
});
