import type { Pseudonym } from '@samspill/kernel';
import type { ClientBase } from 'pg';
import type { ReadModel } from './checkpoint.ts';
import type { LoggedEvent, Marking } from './projection.ts';
import { copyRows, type ColumnOfRows } from './copy-rows.ts';
import { prepared } from './prepared.ts';
import { engineColumns, jsonText } from './table.ts';
import type { ColumnType, ColumnValue, Row, Table } from './table.ts';

/**
 * From so many rows on COPY is quicker, though it takes three round trips more: 0.5 ms against 0.7 (eleven columns, two
 * indexes; at 20 rows 0.4 either way).
 */
const copiedFrom = 50;

/** An event with its rows. */
export interface Written {
  readonly event: LoggedEvent;
  readonly rows: readonly Row[];
}

/** The table of one version. */
export const physicalName = (
  { schema, version }: Pick<ReadModel, 'schema' | 'version'>,
  { name }: Table,
): string => `${schema}.${name}_v${version}`;

/**
 * Writes rows set-wise, one statement a table; a key that is there already keeps its first writing, which is what makes
 * a producer's repeat harmless (engine guide 8.1), unless the same event comes under a later key (ADR 10).
 */
export async function insertRows(
  tx: ClientBase,
  readModel: ReadModel,
  written: readonly Written[],
): Promise<void> {
  const byTable = new Map<Table, { event: LoggedEvent; row: Row }[]>();
  for (const { event, rows } of written) {
    for (const row of rows) {
      const rest = byTable.get(row.table);
      if (rest === undefined) byTable.set(row.table, [{ event, row }]);
      else rest.push({ event, row });
    }
  }
  for (const [table, rows] of byTable) await insertInto(tx, readModel, table, rows);
}

async function insertInto(
  tx: ClientBase,
  readModel: ReadModel,
  table: Table,
  rows: readonly { event: LoggedEvent; row: Row }[],
): Promise<void> {
  const columns = columnsOf(table, rows);
  const name = physicalName(readModel, table);
  if (rows.length >= copiedFrom && (await copyRows(tx, name, columns))) return;
  // Arrays cannot hold arrays of several lengths, and JSON is kept to the letter: both travel as text.
  const travelsAs = (type: ColumnType): string => (isText(type) ? 'text' : type);
  const names = columns.map((column) => column.name).join(', ');
  const given = `
      SELECT ${columns.map((one) => (isText(one.type) ? `${one.name}::${one.type}` : one.name)).join(', ')}
        FROM unnest(${columns.map(({ type }, index) => `$${index + 1}::${travelsAs(type)}[]`).join(', ')})
          AS r (${names})`;
  const values = columns.map((one) => one.values.map((value) => toParameter(one.type, value)));
  const insert = `INSERT INTO ${name} (${names}) ${given}
     ON CONFLICT (${table.key.join(', ')}) DO NOTHING`;
  const { rowCount } = await tx.query(prepared(insert, values));
  if (rowCount === rows.length) return;
  // Sealed again after a shred: the row must not go with the key of its first writing.
  const isSame = [...table.key, 'event_id'].map((key) => `t.${key} = r.${key}`).join(' AND ');
  await tx.query(
    `UPDATE ${name} t SET (${names}) = (SELECT ${columns.map((one) => `r.${one.name}`).join(', ')})
       FROM (${given}) r WHERE ${isSame} AND t.key_version < r.key_version`,
    values,
  );
}

/** Column by column, the engine's first. */
function columnsOf(
  table: Table,
  rows: readonly { event: LoggedEvent; row: Row }[],
): ColumnOfRows[] {
  const own = Object.entries(table.columns).filter(([name]) => !(name in engineColumns));
  const engine = {
    event_id: rows.map(({ event }) => event.id),
    patient: rows.map(({ event }) => event.patient),
    src_partition: rows.map(({ event }) => event.position.partition),
    src_offset: rows.map(({ event }) => event.position.offset),
    key_version: rows.map(({ event }) => event.keyVersion),
  } satisfies Record<keyof typeof engineColumns, unknown>;
  return [
    ...Object.entries(engine).map(([name, values]) => ({
      name,
      type: engineColumns[name as keyof typeof engineColumns],
      values,
    })),
    ...own.map(([name, type]) => ({
      name,
      type,
      values: rows.map(({ row }) => row.values[name] ?? null),
    })),
  ];
}

const isText = (type: ColumnType): boolean =>
  type === 'json' || type === 'jsonb' || type === 'text[]';

/** A value as pg takes it inside an array. */
function toParameter(type: ColumnType, value: ColumnValue): unknown {
  if (value === null) return null;
  if (type === 'text[]') return arrayLiteral(value as readonly string[]);
  if (type === 'timestamptz' && typeof value === 'number') return new Date(value).toISOString();
  if (isText(type)) return jsonText(value);
  return value;
}

const arrayLiteral = (items: readonly string[]): string =>
  `{${items.map((item) => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;

/** Deletes every row of these patients. */
export async function deletePatients(
  tx: ClientBase,
  readModel: ReadModel,
  tables: readonly Table[],
  patients: Iterable<Pseudonym>,
): Promise<void> {
  const wanted = [...patients];
  if (wanted.length === 0) return;
  for (const table of tables) {
    await tx.query(
      prepared(`DELETE FROM ${physicalName(readModel, table)} WHERE patient = ANY ($1)`, [wanted]),
    );
  }
}

/** Deletes the rows that stand on a destroyed key, or marks them where the projection says so. */
export async function eraseShredded(
  tx: ClientBase,
  readModel: ReadModel,
  projection: { readonly tables: readonly Table[]; readonly shredded: Marking | undefined },
  shredded: ReadonlyMap<Pseudonym, number>,
): Promise<void> {
  if (shredded.size === 0) return;
  const keys = [[...shredded.keys()], [...shredded.values()]];
  const onDestroyedKey = `FROM unnest($1::text[], $2::int[]) AS s (patient, version)
    WHERE t.patient = s.patient AND t.key_version BETWEEN 1 AND s.version`;
  const { tables, shredded: marking } = projection;
  if (marking === undefined) {
    for (const table of tables) {
      const from = onDestroyedKey.replace('FROM', 'USING');
      await tx.query(`DELETE FROM ${physicalName(readModel, table)} t ${from}`, keys);
    }
    return;
  }
  const set = Object.keys(marking.set).map((name, index) => `${name} = $${index + 3}`);
  await tx.query(
    `UPDATE ${physicalName(readModel, marking.table)} t SET ${set.join(', ')} ${onDestroyedKey}`,
    [...keys, ...Object.values(marking.set)],
  );
}
