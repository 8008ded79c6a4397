import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withDatabase } from './database.ts';
import type { LocalStack } from './local-stack.ts';
import { allGone, noteProcess, type ServerProcess } from './process-life.ts';
import { findRunningStack, stopRunningStack } from './stack-file.ts';
import { startLocalStack } from './start-local-stack.ts';

type Line = { ready: string } | { stack: LocalStack };

let dataDir: string;
let owner: ChildProcess | undefined;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'samspill-stack-'));
});
afterEach(async () => {
  owner?.kill('SIGKILL');
  await stopRunningStack(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
});

/** Starts the owner of a stack; answers with the first of its lines that fits. */
const startOwner = async <T>(args: string[], pick: (line: Line) => T | undefined): Promise<T> => {
  const program = join(import.meta.dirname, 'stack-owner.program.ts');
  const tsconfig = resolve(import.meta.dirname, '../../../tsconfig.base.json');
  const child = spawn(process.execPath, ['--import', 'tsx', program, dataDir, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TSX_TSCONFIG_PATH: tsconfig },
  });
  owner = child;
  for await (const line of createInterface({ input: child.stdout })) {
    const picked = pick(JSON.parse(line) as Line);
    if (picked !== undefined) return picked;
  }
  throw new Error('the owner ended too early');
};
const stackOf = (line: Line): LocalStack | undefined => ('stack' in line ? line.stack : undefined);

const note = (name: string, pid: number): ServerProcess => {
  const noted = noteProcess(name, pid, 'SIGTERM');
  if (noted === undefined) throw new Error(`${name} does not run`);
  return noted;
};
const noteAll = (stack: LocalStack): ServerProcess[] =>
  stack.processes.map(({ name, pid }) => note(name, pid));

// Each test starts a whole stack.
describe('a stack of local processes', { timeout: 120_000 }, () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)('ends when its owner ends by %s', async (signal) => {
    const servers = noteAll(await startOwner([], stackOf));
    expect(servers.map(({ name }) => name).sort()).toEqual(['kafka', 'postgres', 'registry']);
    owner?.kill(signal);
    expect(await allGone(servers, 20_000)).toBe(true);
  });

  it('ends when its owner is killed while the stack starts', async () => {
    await startOwner([], (line) => 'ready' in line || undefined);
    const lockFile = readFileSync(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8');
    const postgres = note('postgres', parseInt(lockFile, 10));
    owner?.kill('SIGKILL');
    expect(await allGone([postgres], 20_000)).toBe(true);
  });

  it('outlives its owner when detached, is found by its data directory, and ends on demand', async () => {
    const stack = await startOwner(['--detached'], stackOf);
    const servers = noteAll(stack);
    if (owner?.exitCode === null) await once(owner, 'exit');
    const running = await findRunningStack(dataDir);
    expect(running?.parts).toEqual(stack.processes.map((server) => ({ ...server, running: true })));
    await withDatabase(running?.databaseUrl ?? '', (db) => db.query('select'));
    await expect(startLocalStack({ dataDir, ignoreEnvironment: true })).rejects.toThrow(
      /DATA_DIR_IN_USE: .*, by the processes \d+, \d+, \d+: .* To mend: .* -- down\.$/,
    );
    expect(await stopRunningStack(dataDir)).toBe(true);
    expect(await allGone(servers, 0)).toBe(true);
    expect(await findRunningStack(dataDir)).toBeUndefined();
    expect(await stopRunningStack(dataDir)).toBe(false);
  });
});
