import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lastErrorIn } from './last-error.ts';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'samspill-log-'))));
afterAll(() => rm(folder, { recursive: true }));

const held = { level: 40, code: 'KEY_VAULT_UNAVAILABLE', msg: 'held' };
const died = { level: 60, error: 'MATERIALISER_LIFELESS: ledger: expected that', msg: 'died' };

async function inLog(...lines: readonly (object | string)[]) {
  const file = join(folder, 'service.log');
  const texts = lines.map((line, at) =>
    typeof line === 'string' ? line : JSON.stringify({ time: at * 60_000, ...line }),
  );
  await writeFile(file, `${texts.join('\n')}\n`);
  return lastErrorIn(file);
}

it.each([
  ['the newest of several', [held, died], 'MATERIALISER_LIFELESS'],
  ['one before lines without a code', [held, { level: 50, msg: 'Crash' }], 'KEY_VAULT_UNAVAILABLE'],
  ['one before what is said in passing', [held, { ...died, level: 30 }], 'KEY_VAULT_UNAVAILABLE'],
  ['one before lines that are no JSON', [held, '{"level":50,"ti', 'at x'], 'KEY_VAULT_UNAVAILABLE'],
  ['none of a foreign code', [{ level: 50, code: 'ECONNREFUSED' }], undefined],
])('of a log it tells %s', async (_, lines, code) => {
  expect((await inLog(...lines))?.code).toBe(code);
});

it('tells when it was, and nothing of a log that is not there', async () => {
  expect(await inLog('', died)).toMatchObject({ at: '1970-01-01T00:01:00.000Z' });
  expect(await lastErrorIn(join(folder, 'absent.log'))).toBeNull();
});
