import type { Pseudonym } from '@samspill/kernel';
import type { Pool } from 'pg';
import type { ReadModel } from './checkpoint.ts';
import type { Gate } from './gate.ts';

/** How a patient stands in one version of a read model, as the database has it. */
export interface PatientStanding extends Gate {
  readonly patient: Pseudonym;
  /** When the state was set; null for who never had a gate. */
  readonly since: Date | null;
  /** `topic:partition:offset` of the fact that destroyed the key; null where none is destroyed. */
  readonly shreddedBy: string | null;
}

/** One for each of these patients, in their order. Rejects with DATABASE_UNAVAILABLE. */
export async function patientStandings(
  pool: Pool,
  { schema, projection, version }: ReadModel,
  product: string,
  patients: readonly Pseudonym[],
): Promise<PatientStanding[]> {
  const { rows } = await pool.query<PatientStanding>(
    `SELECT p.patient, COALESCE(g.state, 'open') AS state, COALESCE(g.from_offset, 0) AS "fromOffset",
            COALESCE(g.reason, '') AS reason, COALESCE(g.position, '') AS position,
            g.changed_at AS since, COALESCE(k.key_version, 0) AS "shreddedVersion",
            k.position AS "shreddedBy"
       FROM unnest($4::text[]) WITH ORDINALITY AS p (patient, place)
       LEFT JOIN ${schema}.patient_gate g
         ON g.projection = $1 AND g.version = $2 AND g.patient = p.patient
       LEFT JOIN ${schema}.shredded_key k
         ON k.projection = $1 AND k.version = $2 AND k.product = $3 AND k.patient = p.patient
      ORDER BY p.place`,
    [projection, version, product, patients],
  );
  return rows;
}
