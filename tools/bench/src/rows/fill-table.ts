import { rm } from 'node:fs/promises';
import type { Client } from 'pg';
import { copyFrom, writeCsv } from './copy.ts';
import { flatColumns, type TimeForm } from './flat-row.ts';
import { createRowTable } from './row-table.ts';

export interface Filling {
  /** With its schema; empty. */
  readonly table: string;
  readonly times: TimeForm;
  readonly rows: number;
  readonly patients: number;
  /** For the files on the way. */
  readonly folder: string;
}

/** Fills a table of the race with rows as if they had come from the log. */
export async function fillTable(
  db: Client,
  { table, times, rows, patients, folder }: Filling,
): Promise<void> {
  const files = await writeCsv({ rows, patients }, folder);
  const staged = await createRowTable(db, {
    ...{ schema: 'filling', name: 'measurement_row', idType: 'uuid', times: 'timestamptz' },
  });
  try {
    for (const file of files) await db.query(copyFrom(staged, file));
    const values = flatColumns.map((column) =>
      column.endsWith('_at') && times === 'bigint'
        ? `extract(epoch FROM ${column}) * 1000`
        : column,
    );
    await db.query(`
      INSERT INTO ${table} (${flatColumns.join(', ')}, src_partition, key_version)
      SELECT ${values.join(', ')}, 0, 0 FROM ${staged}`);
    await db.query(`VACUUM ANALYZE ${table}`);
  } finally {
    await db.query('DROP SCHEMA filling CASCADE');
    await Promise.all(files.map((file) => rm(file)));
  }
}
