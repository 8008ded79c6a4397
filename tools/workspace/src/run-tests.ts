import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startLocalStack, type StackAddresses } from '@samspill/local-stack';
import { runCommand, type CommandResult } from './command.ts';
import { findProjects, type Project } from './projects.ts';
import { addUp, failedOne, isGood, passedOne, report, type Tally } from './tally.ts';
import { tallyOfReport } from './vitest-report.ts';

const top = resolve(import.meta.dirname, '../../..');

interface Run {
  readonly projects: readonly Project[];
  /** Whether the run is over the whole workspace. */
  readonly whole: boolean;
  /** Removed at the end. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

const seconds = (sinceMs: number): string => `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;

const environment = ({ folder }: Run): NodeJS.ProcessEnv => {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    // A daemon would outlive the run.
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    SAMSPILL_TEST_RESULTS: folder,
  };
  // Servers are handed to the suite that shares them, and to no other.
  delete env['KAFKA_BROKERS'];
  delete env['SCHEMA_REGISTRY_URL'];
  delete env['DATABASE_URL'];
  return env;
};

/** One line when it begins and one when it has ended; the output only of what failed. */
const step = async (
  { signal }: Run,
  name: string,
  command: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<CommandResult> => {
  console.log(`… ${name}`);
  const since = Date.now();
  const result = await runCommand(command, { cwd: top, env, signal });
  signal.throwIfAborted();
  if (!result.ok) console.log(result.output.trimEnd());
  console.log(`${result.ok ? '✓' : '✗'} ${name}: ${seconds(since)}`);
  return result;
};

const check = async (run: Run, name: string, command: readonly string[]): Promise<Tally> => {
  const { ok, output } = await step(run, name, command, environment(run));
  if (ok) return passedOne;
  // Nx lists the tasks that failed after all others.
  const tasks = [...output.matchAll(/^- (\S+):[a-z0-9]+$/gm)].map(([, project]) => project);
  return failedOne(tasks.length === 0 ? name : `${name} of ${[...new Set(tasks)].join(', ')}`);
};

const nx = (run: Run, target: string, parallel: number): string[] => [
  'nx',
  'run-many',
  '-t',
  target,
  `--parallel=${parallel}`,
  '--outputStyle=static',
  `--projects=${run.projects.map(({ name }) => name).join(',')}`,
];

/** Runs one suite of each project and adds up the reports. */
const suite = async (
  run: Run,
  target: 'test' | 'e2e',
  stack: StackAddresses | undefined,
): Promise<Tally> => {
  const env = {
    ...environment(run),
    ...(stack && {
      KAFKA_BROKERS: stack.kafkaBrokers.join(','),
      SCHEMA_REGISTRY_URL: stack.schemaRegistryUrl,
      DATABASE_URL: stack.databaseUrl,
    }),
  };
  const { ok } = await step(run, target, nx(run, target, 1), env);
  const kind = target === 'test' ? 'unit' : 'e2e';
  const tally = addUp(
    run.projects.map(({ name, folder }) => {
      const file = join(run.folder, `${folder}.${kind}.json`);
      let text: string | undefined;
      try {
        text = readFileSync(file, 'utf8');
      } catch {
        // Stays undefined: no report.
      }
      return tallyOfReport(name, text);
    }),
  );
  return ok || tally.failed.length > 0 ? tally : addUp([tally, failedOne(`${target} as a whole`)]);
};

/** End-to-end tests start a mesh of their own. */
const endToEnd = async (run: Run): Promise<Tally> => {
  const projects = run.projects.filter(({ hasEndToEndTests }) => hasEndToEndTests);
  return projects.length === 0 ? addUp([]) : suite({ ...run, projects }, 'e2e', undefined);
};

const withStack = async (
  run: Run,
  work: (stack: StackAddresses) => Promise<Tally>,
): Promise<Tally> => {
  const name = 'servers for the tests';
  console.log(`… ${name}`);
  const since = Date.now();
  const stack = await startLocalStack({
    dataDir: join(run.folder, 'stack'),
    ports: 'free',
    onProgress: ({ part, state }) => {
      if (state === 'downloading' || state === 'failed') console.log(`… ${part} ${state}`);
    },
  });
  try {
    console.log(`✓ ${name} (${stack.kind}): ${seconds(since)}`);
    run.signal.throwIfAborted();
    return await work(stack);
  } finally {
    await stack.stop();
  }
};

const runAll = async (run: Run): Promise<Tally> => {
  const codegen = ['node', '--import', 'tsx', 'tools/codegen/src/main.ts', '--check'];
  // Against the commit before, so that the change that is tested is judged, also once it is committed.
  const schemas = ['node', '--import', 'tsx', 'apps/cli/src/main.ts', 'schemas', 'check'];
  schemas.push('--base', 'HEAD~1');
  const tallies = run.whole
    ? [
        await check(run, 'format', ['prettier', '--check', '.']),
        await check(run, 'generated code is up to date', codegen),
        await check(run, 'schemas may change so', schemas),
      ]
    : [];
  tallies.push(
    await check(run, 'typecheck', nx(run, 'typecheck', 2)),
    await check(run, 'lint', nx(run, 'lint', 2)),
    await withStack(run, (stack) => suite(run, 'test', stack)).catch((error: unknown) => {
      run.signal.throwIfAborted();
      console.log(error);
      return failedOne('servers for the tests');
    }),
    await endToEnd(run),
  );
  return addUp(tallies);
};

/** Runs the checks and tests of the projects named, or of all; answers with the exit code. */
export const runTests = async (names: readonly string[]): Promise<number> => {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interrupted.abort());
  }
  const folder = mkdtempSync(join(tmpdir(), 'samspill-test-'));
  try {
    const projects = findProjects(top, names);
    const run = { projects, whole: names.length === 0, folder, signal: interrupted.signal };
    const tally = await runAll(run);
    console.log(report(tally));
    return isGood(tally) ? 0 : 1;
  } catch (error) {
    console.log(interrupted.signal.aborted ? 'Interrupted.' : error);
    return interrupted.signal.aborted ? 130 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
