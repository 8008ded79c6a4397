import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Migrations of the engine itself. */
export const engineFolder = fileURLToPath(new URL('../migrations', import.meta.url));

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/** The numbered `.sql` files of a folder, in their order. */
export async function migrationsIn(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d+-.+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8');
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}
