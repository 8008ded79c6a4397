import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type OutputFile, type Plugin } from 'esbuild';
import { serviceNames, type ServiceName } from './mesh-services.ts';

const root = join(import.meta.dirname, '../../..');

/** Beside the packages that the services import, so that they are found; npm takes it away with them. */
const cache = join(root, 'node_modules/.cache/samspill');

/** What a file says of its own place is to hold as before: migrations and packages are looked for from there. */
const placeOfSource: Plugin = {
  name: 'place-of-source',
  setup: (plugin) => {
    plugin.onLoad({ filter: /\/(apps|libs)\/.*\.ts$/ }, async ({ path }) => ({
      loader: 'ts',
      contents: (await readFile(path, 'utf8'))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path))),
    }));
  },
};

/**
 * Translates the services once, before they start: each has its program as one file, with what is shared and what is loaded
 * later beside it. From TypeScript, each process would translate some 400 files for itself: 3 to 4 s of CPU time, and 60 MiB
 * that it keeps. Answers with the file of each. Programs of the same sources are the same files, and stay where they are.
 */
export async function compileServices(): Promise<Readonly<Record<ServiceName, string>>> {
  const { outputFiles } = await build({
    entryPoints: serviceNames.map((name) => ({
      in: join(root, `apps/${name}/src/main.ts`),
      out: name,
    })),
    outdir: cache,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node24',
    keepNames: true,
    sourcemap: 'linked',
    tsconfig: join(root, 'tsconfig.base.json'),
    plugins: [placeOfSource],
    write: false,
  });
  const hash = createHash('sha256');
  for (const { hash: one } of outputFiles) hash.update(one);
  const folder = join(cache, hash.digest('hex').slice(0, 16));
  await writeWhole(folder, outputFiles);
  const files = serviceNames.map((name) => [name, join(folder, `${name}.mjs`)] as const);
  return Object.fromEntries(files) as Record<ServiceName, string>;
}

/** The folder is there whole or not at all, whoever else writes the same one; those of long ago go. */
async function writeWhole(folder: string, files: readonly OutputFile[]): Promise<void> {
  if (existsSync(folder)) return;
  await removeOld();
  await mkdir(cache, { recursive: true });
  const half = await mkdtemp(`${folder}.`);
  await Promise.all(
    files.map(({ path, contents }) => writeFile(join(half, basename(path)), contents)),
  );
  await rename(half, folder).catch(async (error: unknown) => {
    await rm(half, { recursive: true });
    if (!existsSync(folder)) throw error;
  });
}

const keptMs = 7 * 86_400_000;

async function removeOld(): Promise<void> {
  const names = await readdir(cache).catch(() => []);
  for (const name of names) {
    const { mtimeMs } = await stat(join(cache, name));
    if (mtimeMs < Date.now() - keptMs)
      await rm(join(cache, name), { recursive: true, force: true });
  }
}
