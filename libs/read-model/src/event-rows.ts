import type { EventId, Pseudonym } from '@samspill/kernel';
import type { Pool } from 'pg';
import type { ReadModel } from './checkpoint.ts';
import type { Table } from './table.ts';
import { physicalName } from './write-rows.ts';

/** A row that an event has become in one version of a read model. */
export interface EventRow {
  /** Name of the table. */
  readonly table: string;
  readonly eventId: EventId;
  readonly patient: Pseudonym;
  readonly partition: number;
  readonly offset: number;
  /** Version of the data key that sealed the event; 0 where nothing is sealed. */
  readonly keyVersion: number;
  /** When the publishing service accepted it, in a table that keeps it as `recorded_at`; else null. */
  readonly recordedAt: Date | null;
}

/** The rows of one event, or the newest of these patients. */
export type RowsWanted =
  | { readonly eventId: EventId }
  | { readonly patients: readonly Pseudonym[]; readonly limit: number };

/** Looks rows up, for an operator: nothing of what was projected is in the answer. Rejects with DATABASE_UNAVAILABLE. */
export async function eventRows(
  pool: Pool,
  of: Pick<ReadModel, 'schema' | 'version'> & { readonly tables: readonly Table[] },
  wanted: RowsWanted,
): Promise<EventRow[]> {
  const found: EventRow[] = [];
  for (const table of of.tables) {
    const recordedAt = 'recorded_at' in table.columns ? 'recorded_at' : 'NULL::timestamptz';
    const [which, values] =
      'eventId' in wanted
        ? ['WHERE event_id = $1', [wanted.eventId]]
        : [
            `WHERE patient = ANY ($1) ORDER BY ${recordedAt} DESC, src_offset DESC LIMIT $2`,
            [wanted.patients, wanted.limit],
          ];
    const { rows } = await pool.query<Omit<EventRow, 'table'>>(
      `SELECT event_id AS "eventId", patient, src_partition AS partition, src_offset AS offset,
              key_version AS "keyVersion", ${recordedAt} AS "recordedAt"
         FROM ${physicalName(of, table)} ${which}`,
      values,
    );
    found.push(...rows.map((row) => ({ table: table.name, ...row })));
  }
  return found;
}
