import type { Pseudonym } from '@samspill/kernel';
import type { Pool } from 'pg';
import type { OfProjection } from './versions.ts';

/**
 * Whom readers may see, of these: all but those who are caught up after a grant. Of them a part is there, and in a part a
 * value that was corrected since stands as if it held; they are seen when all of it is. Whoever was requeued is seen
 * as when parked.
 */
export async function shownPatients(
  pool: Pool,
  { schema, projection }: OfProjection,
  patients: readonly Pseudonym[],
): Promise<readonly Pseudonym[]> {
  if (patients.length === 0) return patients;
  const { rows } = await pool.query<{ patient: Pseudonym }>(
    `SELECT patient FROM ${schema}.patient_gate
      WHERE projection = $1 AND version = ${schema}.live_version($1) AND patient = ANY ($2)
        AND state = 'catching-up' AND reason <> 'requeued'`,
    [projection, patients],
  );
  const hidden = new Set(rows.map(({ patient }) => patient));
  return patients.filter((patient) => !hidden.has(patient));
}
