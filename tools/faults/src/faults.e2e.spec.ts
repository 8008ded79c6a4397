import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { catalogue } from './faults/catalogue.ts';
import { failureOf, wordsOf } from './run/report.ts';
import { resultOf } from './run/result.ts';
import { runFaults } from './run/run-faults.ts';

const seed = process.env['SAMSPILL_SEED'] ?? '20261124';
const minutes = 3;
/** Start, healing, settling and checks on a machine that is busy with other things too. */
const timeoutMs = 20 * 60_000;

it(
  `under ${minutes} minutes of faults (seed ${seed}) nothing acknowledged is lost, doubled or out of order, and what was withdrawn is gone`,
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'samspill-faults-'));
    const ran = await runFaults({ dataDir, seed, lastsMs: minutes * 60_000, faults: catalogue });
    console.log(wordsOf(resultOf(ran, { seed, minutes })));
    const failure = failureOf(ran);
    // Logs and history of what failed are kept.
    if (failure === '') await rm(dataDir, { recursive: true, force: true });
    expect(failure, `logs and history: ${dataDir}; again: npm run faults -- --seed ${seed}`).toBe(
      '',
    );
    // A run in which nothing happened would prove nothing.
    expect(ran.records.length).toBeGreaterThan(0);
    expect(ran.totals.acknowledged).toBeGreaterThan(500);
    expect(ran.totals.readsAfter).toBeGreaterThan(50);
    expect(ran.totals.shreds).toBeGreaterThan(0);
    expect(ran.totals.closings).toBeGreaterThan(0);
    expect(ran.totals.openings).toBeGreaterThan(0);
  },
  timeoutMs,
);
