import { createDatabase } from '@samspill/local-stack';
import { createPool } from '@samspill/read-model';
import type { Pool } from 'pg';

/** The measurements that a service keeps, looked at beside the service. */
export interface MeasurementTable {
  /** Every row of the patient as JSON, in the order of the log; without what is particular to the database. */
  rowsOf(patient: string): Promise<readonly unknown[]>;
  /** Of each row of these patients: its event, and the transaction that wrote it. A row written anew has another one. */
  writings(patients: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Names of the tables of the schema that hold the patient, gates aside: they say who is not to be held. */
  tablesWith(patient: string): Promise<string[]>;
  close(): Promise<void>;
}

export async function measurementTable(
  databaseUrl: string,
  service: 'emergency-ward' | 'measurements',
): Promise<MeasurementTable> {
  const schema = service.replaceAll('-', '_');
  const url = await createDatabase(databaseUrl, schema);
  const pool = createPool(url, { schema, applicationName: 'e2e' });
  return {
    rowsOf: async (patient) => {
      const sql =
        'SELECT to_jsonb(m) AS row FROM measurement m WHERE patient = $1 ORDER BY src_offset';
      return (await pool.query<{ row: unknown }>(sql, [patient])).rows.map(({ row }) => row);
    },
    writings: async (patients) => {
      const sql = `SELECT event_id, xmin::text FROM measurement_v1 WHERE patient = ANY ($1)`;
      const { rows } = await pool.query<{ event_id: string; xmin: string }>(sql, [patients]);
      return new Map(rows.map(({ event_id, xmin }) => [event_id, xmin]));
    },
    tablesWith: (patient) => tablesWith(pool, schema, patient),
    close: () => pool.end(),
  };
}

/** By a look into every row of every table, whatever its columns are. */
async function tablesWith(pool: Pool, schema: string, patient: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables
      WHERE schemaname = $1 AND tablename NOT IN ('patient_gate', 'shredded_key')`,
    [schema],
  );
  const found = await Promise.all(
    rows.map(async ({ name }) => {
      const sql = `SELECT 1 FROM ${schema}.${name} t WHERE position($1 in t::text) > 0 LIMIT 1`;
      return (await pool.query(sql, [patient])).rows.length > 0 ? [name] : [];
    }),
  );
  return found.flat();
}
