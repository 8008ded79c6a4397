import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { withDatabase } from '@samspill/local-stack';
import type { Written } from './leak-search.ts';
import type { MeshAddresses } from './mesh.setup.ts';

/** All that the mesh has written; without the columns that are classed as identifying unless asked for. */
export async function everythingWritten(
  mesh: MeshAddresses,
  { identifyingColumns = false } = {},
): Promise<Written[]> {
  return [
    // The topics themselves, their keys and headers: the broker's own files.
    ...(await filesIn(mesh.dataDir, 'kafka')),
    ...(await filesIn(mesh.dataDir, 'logs')),
    ...(await Promise.all(Object.values(mesh.urls).map((url) => pageOf(`${url}/metrics`)))),
    await pageOf(`${mesh.spans}/sent`),
    ...(await tables(mesh.databaseUrl, identifyingColumns ? [] : ['resource'])),
  ];
}

async function filesIn(dataDir: string, folder: string): Promise<Written[]> {
  const entries = await readdir(join(dataDir, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      return {
        place: relative(dataDir, path),
        bytes: await readFile(path).catch(() => Buffer.alloc(0)),
      };
    }),
  );
}

async function pageOf(url: string): Promise<Written> {
  const page = await (await fetch(url)).text();
  return { place: url, bytes: Buffer.from(page) };
}

/** Every table of every database as text. */
async function tables(databaseUrl: string, without: readonly string[]): Promise<Written[]> {
  const written: Written[] = [];
  for (const database of await ask(
    databaseUrl,
    'SELECT datname FROM pg_database WHERE datallowconn',
  )) {
    const url = new URL(databaseUrl);
    url.pathname = `/${String(database['datname'])}`;
    const names = await ask(
      url.href,
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of names as { name: string }[]) {
      const rows = await ask(url.href, `SELECT to_jsonb(t) - $1::text[] AS row FROM ${name} t`, [
        without,
      ]);
      written.push({ place: `${url.pathname} ${name}`, bytes: Buffer.from(JSON.stringify(rows)) });
    }
  }
  return written;
}

const ask = (
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> =>
  withDatabase(url, async (db) => (await db.query<Record<string, unknown>>(sql, values)).rows);
