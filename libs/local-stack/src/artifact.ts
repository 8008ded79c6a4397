import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SamspillError } from '@samspill/kernel';

/** A server that is fetched once and then kept outside the checkout. */
export interface Artifact {
  readonly name: string;
  readonly version: string;
  /** See `digestOf`: of all that `fetch` put down. */
  readonly digest: string;
  /** Downloads into the empty folder. */
  fetch(folder: string): Promise<void>;
  /** Makes it ready for use, in the folder, once it is known to be right. */
  unpack?(folder: string): Promise<void>;
}

const sha256OfFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

/** SHA-256 over the lines `sha256 name` of the files in the folder, sorted by name. */
export const digestOf = async (folder: string): Promise<string> => {
  const lines: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    lines.push(`${await sha256OfFile(join(folder, name))} ${name}\n`);
  }
  return createHash('sha256').update(lines.join('')).digest('hex');
};

export const cacheFolder = (env: NodeJS.ProcessEnv): string =>
  join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'samspill');

const exists = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

export const folderOf = ({ name, version }: Artifact, cache: string): string =>
  join(cache, `${name}-${version}`);

/** True when `obtain` would download nothing. */
export const isObtained = (artifact: Artifact, cache: string): Promise<boolean> =>
  exists(folderOf(artifact, cache));

/**
 * The folder of the artifact in the cache, fetched first where it is absent. It gets its name only when complete and
 * verified, in one step, so a folder of that name is always good, and of two processes that fetch at once the second
 * finds the name taken and drops its own. Raises DOWNLOAD_FAILED.
 */
export const obtain = async (
  artifact: Artifact,
  cache: string,
  onDownload: () => void,
): Promise<string> => {
  const folder = folderOf(artifact, cache);
  if (await exists(folder)) return folder;
  onDownload();
  await mkdir(cache, { recursive: true });
  const partial = await mkdtemp(`${folder}.partial-`);
  try {
    await artifact.fetch(partial);
    const digest = await digestOf(partial);
    if (digest !== artifact.digest) {
      throw new SamspillError('DOWNLOAD_FAILED', {
        place: `${artifact.name} ${artifact.version}`,
        mend: `the digest is ${digest}, expected ${artifact.digest}: see where Maven downloads from, clear its local repository and try again`,
      });
    }
    await artifact.unpack?.(partial);
    await rename(partial, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
    return folder;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
};
