import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Why processes ended that write their logs into these folders: all that they logged as fatal. */
export async function lastWords(folders: readonly string[]): Promise<string> {
  const files = await Promise.all(
    folders.map(async (folder) => (await readdir(folder)).map((name) => join(folder, name))),
  );
  const texts = await Promise.all(files.flat().map((file) => readFile(file, 'utf8')));
  return texts
    .flatMap((text) => text.split('\n').filter((line) => line.startsWith('{"level":60')))
    .join('\n');
}
