import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerGroup, startReaper, type ServerPlan } from '@samspill/local-stack';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PartName } from './fault-mesh.ts';
import { Parts } from './parts.ts';

let folder: string;
let parts: Parts;
let ended: PartName[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faults-parts-'));
  ended = [];
  parts = new Parts(new ServerGroup<PartName>(startReaper()), (part) => ended.push(part));
});
afterEach(async () => {
  await parts.stop();
  rmSync(folder, { recursive: true });
});

const program = `
const fs = require('fs');
fs.readFileSync('allowed');
fs.writeFileSync('ready-' + process.pid, '');
setInterval(() => undefined, 1000);`;
/** Runs where there is a file `allowed`, and ends at once where there is none. */
const plan = (): ServerPlan<PartName> => ({
  part: 'registry',
  command: process.execPath,
  args: ['-e', program],
  cwd: folder,
  env: {},
  stopSignal: 'SIGTERM',
  logFile: join(folder, 'log'),
  answers: () => readFile(join(folder, `ready-${runsAs()}`)),
});
const allow = (): void => writeFileSync(join(folder, 'allowed'), '');
const forbid = (): void => rmSync(join(folder, 'allowed'));

const started = async (): Promise<number> => {
  allow();
  await parts.start(plan());
  return parts.pidOf('registry') ?? 0;
};
const runsAs = (): number | undefined => parts.pidOf('registry');

it('a part that ends by itself is told and started again', async () => {
  const pid = await started();
  process.kill(pid, 'SIGKILL');
  await expect
    .poll(() => runsAs() !== undefined && runsAs() !== pid, { timeout: 10_000 })
    .toBe(true);
  expect(ended).toEqual(['registry']);
});

it('a part that was killed stays down until it is restarted', async () => {
  const pid = await started();
  parts.kill('registry', 'SIGKILL');
  await expect.poll(runsAs).toBeUndefined();
  await parts.restart('registry');
  expect(runsAs()).not.toBe(pid);
  expect(runsAs()).toBeDefined();
  expect(ended).toEqual([]);
});

it('a part that cannot start since something is away is tried again', async () => {
  await started();
  parts.kill('registry', 'SIGKILL');
  forbid();
  const restarted = parts.restart('registry');
  await expect.poll(runsAs).toBeUndefined();
  allow();
  await restarted;
  expect(runsAs()).toBeDefined();
});

it('the first start fails at once, with the end of the log', async () => {
  const neverAnswers = { ...plan(), answers: () => Promise.reject(new Error('away')) };
  await expect(parts.start(neverAnswers)).rejects.toMatchObject({
    code: 'PART_DID_NOT_START',
    mend: expect.stringContaining('ENOENT') as unknown,
  });
});
