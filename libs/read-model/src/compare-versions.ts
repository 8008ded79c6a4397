import type { ClientBase } from 'pg';
import type { VersionPair } from './barrier.ts';
import { engineColumns, type Table } from './table.ts';
import { unhurried } from './unhurried.ts';
import { physicalName } from './write-rows.ts';

/** What a comparison of one table found. A bucket is a 256th of the patients, by a hash. */
export interface TableComparison {
  readonly table: string;
  /** Rows of patients whose gate is open in both versions: of the first version, of the second. */
  readonly rows: readonly [number, number];
  readonly differingBuckets: readonly number[];
}

/**
 * Compares row count and checksum of each bucket of patients, as the transaction sees both versions: it must have begun
 * at one position of both. Patients whose gate is not open in both are left out. `columns` are those of the views.
 */
export async function compareVersions(
  tx: ClientBase,
  pair: VersionPair,
  tables: readonly Table[],
): Promise<TableComparison[]> {
  const compared: TableComparison[] = [];
  for (const table of tables) compared.push(await compareTable(tx, pair, table));
  return compared;
}

async function compareTable(
  tx: ClientBase,
  { schema, projection, versions }: VersionPair,
  table: Table,
): Promise<TableComparison> {
  const columns = [...new Set([...Object.keys(engineColumns), ...Object.keys(table.columns)])];
  const buckets = (version: number) => `
    SELECT (hashtextextended(patient, 0) & 255)::int AS bucket, count(*) AS rows,
           bit_xor(hashtextextended(ROW(${columns.join(', ')})::text, 0)) AS checksum
      FROM ${physicalName({ schema, version }, table)} t
     WHERE NOT EXISTS (SELECT FROM ${schema}.patient_gate g
                        WHERE g.projection = $1 AND g.version = ANY ($2) AND g.patient = t.patient
                          AND g.state <> 'open')
     GROUP BY bucket`;
  const { rows } = await tx.query<{ first: number; second: number; differing: number[] }>(
    unhurried(
      `SELECT COALESCE(sum(a.rows), 0)::bigint AS first, COALESCE(sum(b.rows), 0)::bigint AS second,
              COALESCE(array_agg(bucket ORDER BY bucket) FILTER (
                WHERE a.rows IS DISTINCT FROM b.rows OR a.checksum IS DISTINCT FROM b.checksum), '{}') AS differing
         FROM (${buckets(versions[0])}) a FULL JOIN (${buckets(versions[1])}) b USING (bucket)`,
      [projection, versions],
    ),
  );
  const { first, second, differing } = rows[0] ?? { first: 0, second: 0, differing: [] };
  return { table: table.name, rows: [first, second], differingBuckets: differing };
}
