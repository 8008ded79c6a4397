import type { ClientBase } from 'pg';
import type { TimeForm } from './flat-row.ts';

export interface RowTable {
  /** With its schema, which is made where it is absent. */
  readonly schema: string;
  readonly name: string;
  /** The sink writes event ids as text alone; without unnest it could be told otherwise, with it it could not. */
  readonly idType: 'uuid' | 'text';
  readonly times: TimeForm;
}

/** Makes the table of the race as `migrations` make ours; the columns of our engine that others do not fill have a default. */
export async function createRowTable(
  db: ClientBase,
  { schema, name, idType, times }: RowTable,
): Promise<string> {
  const table = `${schema}.${name}`;
  await db.query(`
    CREATE SCHEMA IF NOT EXISTS ${schema};
    CREATE TABLE ${table} (
      event_id      ${idType}        PRIMARY KEY,
      patient       text             NOT NULL,
      src_partition integer          NOT NULL DEFAULT 0,
      src_offset    bigint           NOT NULL,
      key_version   integer          NOT NULL DEFAULT 0,
      code          text             NOT NULL,
      value         double precision NOT NULL,
      unit          text             NOT NULL,
      effective_at  ${times}         NOT NULL,
      organisation  text             NOT NULL,
      recorded_at   ${times}         NOT NULL
    );
    CREATE INDEX ON ${table} (patient, effective_at);`);
  return table;
}
