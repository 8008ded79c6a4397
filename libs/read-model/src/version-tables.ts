import type { ClientBase } from 'pg';
import type { Table } from './table.ts';
import { unhurried } from './unhurried.ts';
import { physicalName } from './write-rows.ts';

/** A table of two versions: as it is, and as it is to become. */
interface Pair {
  readonly from: string;
  readonly to: string;
}

interface TwoVersions {
  readonly schema: string;
  readonly tables: readonly Table[];
  readonly from: number;
  readonly to: number;
}

const pairsOf = ({ schema, tables, from, to }: TwoVersions): Pair[] =>
  tables.map((table) => ({
    from: physicalName({ schema, version: from }, table),
    to: physicalName({ schema, version: to }, table),
  }));

/**
 * Makes empty tables like those of another version. Of their indexes only keys, and one that begins with the patient,
 * since closings and shreds delete by it: all others are quicker to make once the rows are there.
 */
export async function makeTables(tx: ClientBase, versions: TwoVersions): Promise<void> {
  for (const { from, to } of pairsOf(versions)) {
    await tx.query(`CREATE TABLE ${to} (LIKE ${from} INCLUDING ALL EXCLUDING INDEXES)`);
    const { rows: keys } = await tx.query<{ definition: string }>(
      `SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint
        WHERE conrelid = $1::regclass AND contype IN ('p', 'u', 'x')`,
      [from],
    );
    for (const { definition } of keys) await tx.query(`ALTER TABLE ${to} ADD ${definition}`);
    const [byPatient] = (await missingIndexes(tx, { from, to })).filter((one) => one.byPatient);
    if (byPatient !== undefined) await tx.query(createIndex(to, byPatient, ''));
  }
}

/**
 * Makes the indexes that the other version has and this one lacks, while both are written. Must not run in a transaction,
 * nor twice at the same time. What an attempt that was killed left half made is made anew.
 */
export async function makeIndexes(db: ClientBase, versions: TwoVersions): Promise<void> {
  for (const pair of pairsOf(versions)) {
    const { rows: broken } = await db.query<{ name: string }>(
      `SELECT indexrelid::regclass AS name FROM pg_index WHERE indrelid = $1::regclass AND NOT indisvalid`,
      [pair.to],
    );
    for (const { name } of broken) await db.query(unhurried(`DROP INDEX CONCURRENTLY ${name}`));
    for (const index of await missingIndexes(db, pair)) {
      await db.query(unhurried(createIndex(pair.to, index, 'CONCURRENTLY')));
    }
  }
}

interface MissingIndex {
  readonly isUnique: boolean;
  /** From ` USING ` on, without names. */
  readonly definition: string;
  /** Its first column is the patient, and it holds every row. */
  readonly byPatient: boolean;
}

const createIndex = (table: string, { isUnique, definition }: MissingIndex, how: string): string =>
  `CREATE ${isUnique ? 'UNIQUE' : ''} INDEX ${how} ON ${table} ${definition}`;

/** The narrowest first. */
async function missingIndexes(db: ClientBase, { from, to }: Pair): Promise<MissingIndex[]> {
  const { rows } = await db.query<MissingIndex>(
    `WITH index AS (
       SELECT i.*, substring(pg_get_indexdef(indexrelid) FROM ' USING .*$') AS definition FROM pg_index i)
     SELECT index.indisunique AS "isUnique", index.definition,
            first.attname IS NOT DISTINCT FROM 'patient' AND index.indpred IS NULL AS "byPatient"
       FROM index
       LEFT JOIN pg_attribute first ON first.attrelid = index.indrelid AND first.attnum = index.indkey[0]
      WHERE index.indrelid = $1::regclass AND index.indisvalid
        AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = index.indexrelid)
        AND NOT EXISTS (SELECT FROM index made
                         WHERE made.indrelid = $2::regclass AND made.definition = index.definition)
      ORDER BY index.indnkeyatts, index.indexrelid`,
    [from, to],
  );
  return rows;
}

/** Leads readers to the tables of `to`. Waits for those who have read the view in a transaction that is still open. */
export async function replaceViews(
  tx: ClientBase,
  { schema, tables, to }: Omit<TwoVersions, 'from'>,
): Promise<void> {
  for (const table of tables) {
    const view = `${schema}.${table.name}`;
    const { rows } = await tx.query<{ columns: string }>(
      `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns FROM pg_attribute
        WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
      [view],
    );
    const target = physicalName({ schema, version: to }, table);
    await tx.query(`CREATE OR REPLACE VIEW ${view} AS SELECT ${rows[0]?.columns} FROM ${target}`);
  }
}
