import type { Client } from 'pg';
import type { Loaded } from './loading.ts';
import { rowAt, type MeasurementRow } from './measurement-row.ts';

interface WrittenRow {
  readonly event_id: string;
  readonly patient: string;
  readonly src_offset: string | number;
  readonly code: string;
  readonly value: number;
  readonly unit: string;
  readonly effective_at: Date | string | number;
  readonly organisation: string;
  readonly recorded_at: Date | string | number;
}

/** Rejects unless the table holds as many rows as were produced, and 100 of them, in every column, as they were produced. */
export async function assertRows(db: Client, table: string, loaded: Loaded): Promise<void> {
  const { rows: counted } = await db.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${table}`,
  );
  const count = counted[0]?.count;
  if (count !== loaded.rows) throw new Error(`${table} holds ${count} rows of ${loaded.rows}`);
  await assertContents(db, table, loaded.patients, loaded.spread);
}

/** Rejects unless the table holds these rows, in every column as they were produced; the offset is compared where it is known. */
export async function assertContents(
  db: Client,
  table: string,
  patients: number,
  produced: readonly { readonly index: number; readonly offset?: number }[],
): Promise<void> {
  const expected = produced.map(({ index, offset }) => ({
    ...expectedRow(rowAt(index, patients)),
    ...(offset !== undefined && { src_offset: offset }),
  }));
  const { rows } = await db.query<WrittenRow>(`SELECT * FROM ${table} WHERE event_id = ANY ($1)`, [
    expected.map(({ event_id }) => event_id),
  ]);
  const written = new Map(rows.map((row) => [row.event_id, row]));
  const wrong = expected.filter((row) => {
    const found = written.get(row.event_id);
    return found === undefined || !isSame(found, row);
  });
  if (wrong.length > 0) throw new Error(`${wrong.length} rows of ${expected.length} are wrong`);
}

const expectedRow = (row: MeasurementRow): Omit<WrittenRow, 'src_offset'> => ({
  event_id: row.eventId,
  patient: row.patient,
  code: row.code,
  value: row.value,
  unit: row.unit,
  effective_at: row.effectiveAt,
  organisation: row.organisation,
  recorded_at: row.recordedAt,
});

/** A number comes as a number, as text (bigint), or as a time. */
const isSame = (written: WrittenRow, expected: Partial<WrittenRow>): boolean =>
  Object.entries(expected).every(([column, value]) => {
    const found = written[column as keyof WrittenRow];
    return (typeof value === 'number' ? Number(found) : found) === value;
  });
