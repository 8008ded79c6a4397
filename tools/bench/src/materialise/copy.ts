import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { withDatabase } from '@samspill/local-stack';
import type { Loaded } from '../rows/loading.ts';
import { flatColumns } from '../rows/flat-row.ts';
import { Places } from '../rows/place-rows.ts';

/** The floor: PostgreSQL copies the rows from files on its own machine; nobody reads a log, decodes or sends anything. */
export interface CopyWay {
  readonly name: string;
  copy(databaseUrl: string, table: string, files: readonly string[]): Promise<void>;
}

const columns = flatColumns.join(', ');
const copyFrom = (table: string, file: string): string =>
  `COPY ${table} (${columns}) FROM '${file}' (FORMAT csv)`;

const onOneConnection = (databaseUrl: string, statements: readonly string[]): Promise<void> =>
  withDatabase(databaseUrl, async (db) => {
    await db.query('BEGIN');
    for (const statement of statements) await db.query(statement);
    await db.query('COMMIT');
  });

export const copyWays: readonly CopyWay[] = [
  {
    name: 'COPY, one stream',
    copy: (databaseUrl, table, files) =>
      onOneConnection(
        databaseUrl,
        files.map((file) => copyFrom(table, file)),
      ),
  },
  {
    name: 'COPY, two streams',
    copy: async (databaseUrl, table, files) => {
      await Promise.all(files.map((file) => onOneConnection(databaseUrl, [copyFrom(table, file)])));
    },
  },
  {
    name: 'COPY to a temporary table, then upsert',
    copy: (databaseUrl, table, files) =>
      onOneConnection(databaseUrl, [
        `CREATE TEMP TABLE staged (LIKE ${table} INCLUDING DEFAULTS) ON COMMIT DROP`,
        ...files.map((file) => copyFrom('staged', file)),
        `INSERT INTO ${table} SELECT * FROM staged ON CONFLICT (event_id) DO UPDATE
            SET (${columns}) = (${flatColumns.map((column) => `excluded.${column}`).join(', ')})`,
      ]),
  },
];

/** Writes the rows as two files of equal length. */
export async function writeCsv({ rows, patients }: Loaded, folder: string): Promise<string[]> {
  const places = new Places(rows, patients);
  const half = Math.ceil(rows / 2);
  const files: string[] = [];
  for (const [from, to] of [
    [0, half],
    [half, rows],
  ] as const) {
    const file = join(folder, `rows-from-${from}-of-${patients}-patients.csv`);
    await pipeline(Readable.from(linesOf(places, from, to)), createWriteStream(file));
    files.push(file);
  }
  return files;
}

function* linesOf(places: Places, from: number, to: number): Generator<string> {
  const iso = (ms: number): string => new Date(ms).toISOString();
  for (let index = from; index < to; index += 1) {
    const { row, offset } = places.place(index);
    const { eventId, patient, code, value, unit, effectiveAt, organisation, recordedAt } = row;
    const fields = [eventId, patient, offset, code, value, unit, iso(effectiveAt), organisation];
    yield `${fields.join(',')},${iso(recordedAt)}\n`;
  }
}
