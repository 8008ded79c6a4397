import { withDatabase } from '@samspill/local-stack';
import { copyFrom } from '../rows/copy.ts';
import { flatColumns } from '../rows/flat-row.ts';

/** The floor: PostgreSQL copies the rows from files on its own machine; nobody reads a log, decodes or sends anything. */
export interface CopyWay {
  readonly name: string;
  copy(databaseUrl: string, table: string, files: readonly string[]): Promise<void>;
}

const columns = flatColumns.join(', ');

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
