import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SamspillError } from '@samspill/kernel';
import { z } from 'zod';
import type { StackAddresses } from './environment.ts';
import { isRunning, shutDown } from './process-life.ts';

const serverProcess = z.object({
  name: z.enum(['kafka', 'registry', 'postgres']),
  pid: z.number(),
  startTime: z.string(),
  stopSignal: z.enum(['SIGTERM', 'SIGINT']),
});

const stackFile = z.object({
  kafkaBrokers: z.array(z.string()),
  schemaRegistryUrl: z.string(),
  databaseUrl: z.string(),
  processes: z.array(serverProcess),
});

/** What is known of a stack of local processes to those who did not start it. */
export type StackFile = z.infer<typeof stackFile>;

const pathIn = (dataDir: string): string => join(dataDir, 'stack.json');

export const writeStackFile = async (dataDir: string, stack: StackFile): Promise<void> =>
  // The database URL holds the password.
  writeFile(pathIn(dataDir), `${JSON.stringify(stack, undefined, 2)}\n`, { mode: 0o600 });

export const removeStackFile = async (dataDir: string): Promise<void> =>
  rm(pathIn(dataDir), { force: true });

const readStackFile = async (dataDir: string): Promise<StackFile | undefined> => {
  try {
    return stackFile.parse(JSON.parse(await readFile(pathIn(dataDir), 'utf8')));
  } catch {
    // Absent, or cut short by the end of the one that wrote it.
    return undefined;
  }
};

/** A stack of local processes that somebody started on this data directory. */
export interface RunningStack extends StackAddresses {
  readonly parts: readonly {
    readonly name: 'kafka' | 'registry' | 'postgres';
    readonly pid: number;
    readonly running: boolean;
  }[];
}

const partOf = (server: StackFile['processes'][number]): RunningStack['parts'][number] => ({
  name: server.name,
  pid: server.pid,
  running: isRunning(server),
});

/** The stack on this data directory, of which one part at least runs; else undefined. */
export const findRunningStack = async (dataDir: string): Promise<RunningStack | undefined> => {
  const stack = await readStackFile(dataDir);
  if (!stack?.processes.some(isRunning)) return undefined;
  const { processes, ...addresses } = stack;
  return { ...addresses, parts: processes.map(partOf) };
};

/** The processes that the file of this data directory names, also when none runs any more; undefined: there is no file. */
export const stackProcesses = async (
  dataDir: string,
): Promise<RunningStack['parts'] | undefined> => {
  const stack = await readStackFile(dataDir);
  return stack?.processes.map(partOf);
};

/** Raises DATA_DIR_IN_USE when a stack runs on this data directory. */
export const assertNoneRuns = async (dataDir: string): Promise<void> => {
  const running = await findRunningStack(dataDir);
  if (running === undefined) return;
  const pids = running.parts.map(({ pid }) => pid).join(', ');
  throw new SamspillError('DATA_DIR_IN_USE', {
    place: `${dataDir}, by the processes ${pids}`,
    mend: 'end that stack: Ctrl-C where it was started, or npm run samspill -- down',
  });
};

/** Ends the stack on this data directory; false when none ran. */
export const stopRunningStack = async (dataDir: string): Promise<boolean> => {
  const stack = await readStackFile(dataDir);
  const running = stack?.processes.filter(isRunning) ?? [];
  await shutDown(running);
  await removeStackFile(dataDir);
  return running.length > 0;
};
