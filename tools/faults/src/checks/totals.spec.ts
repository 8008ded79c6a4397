import { expect, it } from 'vitest';
import { SampleRun, withWard } from './evidence.sample.ts';
import { runChecks } from './run-checks.ts';
import { totalsOf } from './totals.ts';

it('a run is added up, and what was lost is counted once', () => {
  const run = new SampleRun();
  run.operation('anna', 1);
  run.operation('anna', 2);
  run.write({ kind: 'info', op: 'anna/3', patient: 'anna', n: 3, why: 'no answer' });
  run.read('anna', 2, 2);
  run.read('anna', 2);
  run.order('close', 'dora');
  run.order('open', 'dora');
  const evidence = withWard(run.evidence(), ({ rows }) => ({ rows: rows.slice(1) }));
  const twoLose = { ...evidence, readModels: [...evidence.readModels, ...evidence.readModels] };
  expect(totalsOf(twoLose, runChecks(twoLose))).toMatchObject({
    operations: 2,
    acknowledged: 2,
    unclear: 1,
    logRecords: 2,
    repeats: 0,
    closings: 1,
    openings: 1,
    shreds: 0,
    reads: 2,
    readsAfter: 1,
    lost: 1,
    findings: 2,
  });
});

it('the longest stall is the longest time without an acknowledgement', () => {
  const run = new SampleRun();
  run.operation('anna', 1);
  run.operation('anna', 2);
  run.invoke('anna', 3);
  for (let tries = 0; tries < 50; tries += 1) {
    run.write({ kind: 'info', op: 'anna/3', patient: 'anna', n: 3, why: 'no answer' });
  }
  expect(totalsOf(run.evidence(), []).longestStallMs).toBe(510);
});
