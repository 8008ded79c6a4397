import { expect, it } from 'vitest';
import { addUp } from './add-up.ts';
import type { RunResult } from './result.ts';

const totals = {
  ...{ operations: 12, acknowledged: 10, unclear: 0, erased: 0, logRecords: 10, repeats: 0 },
  ...{ shreds: 0, closings: 0, openings: 0, reads: 0, readsAfter: 0, readsRefused: 0 },
  ...{ lost: 0, appliedTwice: 0, outOfOrder: 0, phantoms: 0, findings: 0, longestStallMs: 4_250 },
};
const run: RunResult = {
  ...{ seed: 1, minutes: 3, atOnce: 2, date: '2026-01-02T03:04:05Z', commit: 'abc', machine: '' },
  ...{ faultCount: 7, faults: {}, notRun: {}, totals, endedByThemselves: 0, failed: [] },
  longest: { takeoverMs: { any: 3_000 }, publishingMs: {}, recoveryMs: {} },
};

it('what runs came to is added up, and what they lost is not hidden', () => {
  const page = addUp([run, { ...run, seed: 2, totals: { ...totals, lost: 3 } }]);
  expect(page).toContain('**14 faults**, 20 acknowledged operations');
  expect(page).toContain('lost 3, applied twice 0');
  expect(page.split('\n').filter((line) => /^\| [12] /.test(line))).toHaveLength(2);
  expect(page).toMatch(/\| 4\.[23] /);
});
