import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withDatabase } from './database.ts';
import { findPostgres, type PostgresPrograms } from './postgres-programs.ts';
import { runOnce, type ServerPlan } from './server.ts';

/** The command with a prefix before it, as `spawn` takes it. */
const prefixed = (
  prefix: readonly string[],
  command: string,
  args: readonly string[],
): { command: string; args: readonly string[] } => {
  const [first, ...rest] = prefix;
  return first === undefined
    ? { command, args }
    : { command: first, args: [...rest, command, ...args] };
};

const passwordFileIn = (folder: string): string => join(folder, 'password');

/** The URL of the server's database `postgres`, with a password that is made at the first start and kept. */
export const choosePostgresUrl = async (folder: string, port: number): Promise<string> => {
  const file = passwordFileIn(folder);
  await mkdir(folder, { recursive: true });
  if (!existsSync(file)) {
    await writeFile(file, randomBytes(18).toString('base64url'), { mode: 0o600 });
  }
  return `postgres://postgres:${await readFile(file, 'utf8')}@127.0.0.1:${port}/postgres`;
};

const initialise = async (
  { initdb, prefix, owner }: PostgresPrograms,
  dataFolder: string,
  passwordFile: string,
): Promise<void> => {
  // Made under another name first, so that an interrupted one is never taken for a database.
  const unfinished = `${dataFolder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  if (owner !== undefined) await chown(unfinished, owner.uid, owner.gid);
  const { command, args } = prefixed(prefix, initdb, [
    `--pgdata=${unfinished}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    // The same order of texts on every machine.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ]);
  await runOnce('postgres', command, args);
  await rename(unfinished, dataFolder);
};

/** Initialises the data folder where that was not done yet, and says how to run the server. */
export const planPostgres = async (options: {
  readonly folder: string;
  readonly logFile: string;
  readonly port: number;
  /** Of `choosePostgresUrl`. */
  readonly databaseUrl: string;
}): Promise<ServerPlan> => {
  const { folder, logFile, port, databaseUrl } = options;
  const dataFolder = join(folder, 'data');
  const programs = await findPostgres();
  if (!existsSync(dataFolder)) {
    await initialise(programs, dataFolder, passwordFileIn(folder));
  }
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    // PostgreSQL quotes the value or the row that it refuses, and with it a patient. Its client hears of the error anyway;
    // what PostgreSQL says of itself (LOG, FATAL) is still written.
    log_min_messages: 'log',
  };
  const { command, args } = prefixed(programs.prefix, programs.postgres, [
    '-D',
    dataFolder,
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]);
  return {
    part: 'postgres',
    command,
    args,
    cwd: folder,
    env: {},
    // Fast shutdown: open transactions are rolled back. SIGTERM would wait for every client.
    stopSignal: 'SIGINT',
    logFile,
    // After kill -9 of the server its children end a little later.
    passing: /pre-existing shared memory block .* is still in use/,
    answers: () => withDatabase(databaseUrl, (db) => db.query('select')),
  };
};
