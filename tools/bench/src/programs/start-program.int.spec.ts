import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SampleOrders } from './sample.program.ts';
import { startProgram } from './start-program.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samspill-bench-spec-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const start = (isProfiled = false) =>
  startProgram<SampleOrders>({
    name: 'sample',
    file: join(import.meta.dirname, 'sample.program.ts'),
    setting: { factor: 3 },
    folder,
    isProfiled,
    signal: new AbortController().signal,
  });

describe('a program', () => {
  it('knows its setting, answers, and tells its profile at the end', async () => {
    const program = await start(true);
    expect(await program.tell('multiply', { by: 7 })).toBe(21);
    expect(await program.end()).toContain('Self time by function');
  });

  it('tells what it could not do, and goes on', async () => {
    const program = await start();
    await expect(program.tell('refuse')).rejects.toThrow('no such luck');
    expect(await program.tell('multiply', { by: 1 })).toBe(3);
    await program.end();
  });

  it('that dies is told with its last words', async () => {
    const program = await start();
    await expect(program.tell('die')).rejects.toThrow(/ended with 7.*farewell/s);
    expect(await program.end()).toBeUndefined();
  });
});
