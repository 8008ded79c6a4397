import type { Client } from 'pg';
import type { Loaded } from '../rows/loading.ts';
import { rowAt } from '../rows/measurement-row.ts';

interface WrittenRow {
  readonly event_id: string;
  readonly patient: string;
  readonly src_offset: string;
  readonly code: string;
  readonly value: number;
  readonly unit: string;
  /** Of a timestamptz column, or milliseconds of a bigint one. */
  readonly effective_at: Date | string;
  readonly organisation: string;
  readonly recorded_at: Date | string;
}

/** Rejects unless the table holds as many rows as were produced, and 100 of them, in every column, as they were produced. */
export async function assertRows(db: Client, table: string, loaded: Loaded): Promise<void> {
  const { rows: counted } = await db.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${table}`,
  );
  const count = counted[0]?.count;
  if (count !== loaded.rows) throw new Error(`${table} holds ${count} rows of ${loaded.rows}`);
  const expected = loaded.spread.map(({ index, offset }) => expectedRow(index, offset, loaded));
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

function expectedRow(index: number, offset: number, { patients }: Loaded) {
  const row = rowAt(index, patients);
  return {
    event_id: row.eventId,
    patient: row.patient,
    src_offset: offset,
    code: row.code,
    value: row.value,
    unit: row.unit,
    effective_at: row.effectiveAt,
    organisation: row.organisation,
    recorded_at: row.recordedAt,
  };
}

const isSame = (written: WrittenRow, expected: ReturnType<typeof expectedRow>): boolean =>
  Object.entries(expected).every(([column, value]) => {
    const found = written[column as keyof WrittenRow];
    return (typeof value === 'number' ? Number(found) : found) === value;
  });
