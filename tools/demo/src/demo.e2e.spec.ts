import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { findRunningMesh } from '@samspill/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

const top = resolve(import.meta.dirname, '../../..');

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'samspill-demo-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

it('the demo shows what was posted, stays up until Ctrl-C, and leaves nothing running', async () => {
  const args = ['tools/demo/src/main.ts', '--data-dir', dataDir, '--free-ports'];
  const demo = spawn(process.execPath, [join(top, 'tools/workspace/run.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Colours would be shown for this setting alone, also where no terminal is.
    env: { ...process.env, FORCE_COLOR: undefined, CI: 'true' },
  });
  const ended = once(demo, 'exit');
  const said: string[] = [];
  for await (const line of createInterface({ input: demo.stdout })) {
    said.push(line);
    if (line.startsWith('Up until Ctrl-C')) break;
  }
  const text = said.join('\n');
  expect(text).toMatch(/118 .*\(high\)/);
  expect(text).not.toContain('\x1b');
  const urls = [...text.matchAll(/^ {2}(?:key-vault|measurements|emergency-ward) +(http\S+)$/gm)];
  const addresses = urls.map(([, url = '']) => url);
  expect(await Promise.all(addresses.map(isReady))).toEqual([true, true, true]);
  // So samspill status, simulate and keys shred find it from another terminal.
  const services = (await findRunningMesh(dataDir))?.services;
  expect(services?.map(({ running }) => running)).toEqual([true, true, true]);

  demo.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  expect(await Promise.all(addresses.map(isReady))).toEqual([false, false, false]);
  expect(await findRunningMesh(dataDir)).toBeUndefined();
});
