import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitOf } from '@samspill/testing';
import type { Benchmark, BenchOptions, Outcome } from './benchmark.ts';
import { judge } from './goals.ts';
import { messageOf } from './in-turn.ts';
import { thisMachine } from './machine.ts';
import type { BenchmarkResult } from './result.ts';
import { sharedServers } from '../servers/shared-servers.ts';
import { startServers } from '../servers/start-servers.ts';

export type RunOptions = Omit<BenchOptions, 'folder' | 'servers'>;

/** What came of one benchmark. */
export interface Ran {
  readonly benchmark: Benchmark;
  /** Absent when it failed as a whole. */
  readonly result?: BenchmarkResult;
  readonly profiles: Readonly<Record<string, string>>;
  readonly error?: string;
}

/** Runs them one after the other; one that fails as a whole does not keep the next from running. */
export async function runBenchmarks(
  benchmarks: readonly Benchmark[],
  options: RunOptions,
  onResult: (ran: Ran) => Promise<void>,
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'samspill-bench-'));
  const shared = options.isQuick ? sharedServers({ ...options, folder: root }) : undefined;
  try {
    for (const benchmark of benchmarks) {
      options.signal.throwIfAborted();
      options.say(`${benchmark.name}: ${benchmark.title}`);
      const folder = join(root, benchmark.name);
      const own: BenchOptions['servers'] = (settings) =>
        startServers({ ...options, folder }, settings);
      const servers = shared?.servers ?? own;
      await onResult(await runOne(benchmark, { ...options, folder, servers }));
    }
  } finally {
    await shared?.end();
    await rm(root, { recursive: true, force: true });
  }
}

async function runOne(benchmark: Benchmark, options: BenchOptions): Promise<Ran> {
  const { signal, folder } = options;
  const began = performance.now();
  await mkdir(folder, { recursive: true });
  try {
    const say = (line: string): void => options.say(`  ${line}`);
    const { profiles = {}, ...outcome } = await benchmark.run({ ...options, say });
    const seconds = Math.round((performance.now() - began) / 1_000);
    return { benchmark, profiles, result: resultOf(benchmark, options, outcome, seconds) };
  } catch (error) {
    signal.throwIfAborted();
    return { benchmark, profiles: {}, error: messageOf(error) };
  } finally {
    // Gigabytes; the next one shall have the disk for itself.
    await rm(folder, { recursive: true, force: true });
  }
}

const resultOf = (
  { name, title, asks, goals }: Benchmark,
  { isQuick, runs }: RunOptions,
  outcome: Omit<Outcome, 'profiles'>,
  seconds: number,
): BenchmarkResult => ({
  benchmark: name,
  title,
  asks,
  date: new Date().toISOString(),
  commit: commitOf(import.meta.dirname),
  quick: isQuick,
  runs,
  seconds,
  machine: thisMachine(),
  versions: { ...outcome.versions, 'Node.js': process.versions.node },
  setting: outcome.setting,
  contenders: [...outcome.contenders],
  goals: goals.map((goal) => judge(goal, outcome.contenders)),
  notRun: outcome.notRun,
});
