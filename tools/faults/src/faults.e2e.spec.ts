import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { catalogue } from './faults/catalogue.ts';
import { firstWords } from './health/first-words.ts';
import { tryHealth } from './health/try-health.ts';
import type { FaultMesh } from './mesh/fault-mesh.ts';
import { startFaultMesh } from './mesh/start-mesh.ts';
import { failureOf, wordsOf } from './run/report.ts';
import { resultOf } from './run/result.ts';
import { faultsOn } from './run/run-faults.ts';

const seed = process.env['SAMSPILL_SEED'] ?? '20261124';
const minutes = 3;
/** Start, healing, settling and checks on a machine that is busy with other things too. */
const timeoutMs = 20 * 60_000;

let dataDir: string;
let mesh: FaultMesh;
/** Logs and history of what failed are kept. */
let isGood = true;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'samspill-faults-'));
  mesh = await startFaultMesh({ dataDir });
}, timeoutMs);

afterAll(async () => {
  await mesh.stop();
  if (isGood) await rm(dataDir, { recursive: true, force: true });
}, timeoutMs);

const kept = async (work: Promise<void>): Promise<void> => {
  isGood = await work.then(
    () => isGood,
    () => false,
  );
  await work;
};

it(
  'every instance says of itself what the table of health says, under faults of each row, and is ready again once they are healed',
  () => kept(tryHealth(mesh)),
  timeoutMs,
);

it(
  'an instance that stood still says with its first words what has gone meanwhile, and that it lives',
  async () => {
    const lacksDatabase = expect.stringMatching(/^lacks database/) as string;
    expect(await firstWords(mesh)).toEqual({
      'key-vault-1': lacksDatabase,
      'measurements-1': lacksDatabase,
      'emergency-ward-1': lacksDatabase,
    });
  },
  timeoutMs,
);

it(
  `under ${minutes} minutes of faults (seed ${seed}) nothing acknowledged is lost, doubled or out of order, and what was withdrawn is gone`,
  async () => {
    const ran = await faultsOn(mesh, {
      dataDir,
      seed,
      lastsMs: minutes * 60_000,
      faults: catalogue,
    });
    console.log(wordsOf(resultOf(ran, { seed, minutes })));
    const failure = failureOf(ran);
    isGood &&= failure === '';
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
