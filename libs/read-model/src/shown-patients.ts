import type { Pseudonym } from '@samspill/kernel';
import type { Pool } from 'pg';
import type { OfProjection } from './versions.ts';

/** The linked pseudonyms of a patient, by what readers may see of them. */
export interface PatientsOfRead {
  readonly shown: readonly Pseudonym[];
  /** Nothing of them is shown for now, and readers are to be told that something is missing. */
  readonly missing: readonly Pseudonym[];
}

/**
 * Whom readers may see, of these: all but those who are caught up from the start of the log. Of them a part is there, and
 * in a part a value that was corrected since stands as if it held; they are seen when all of it is. That a grant is why
 * is nobody's business: then they are not among the missing either. Whoever goes on from a rejected record is seen as
 * when parked.
 */
export async function shownPatients(
  pool: Pool,
  { schema, projection }: OfProjection,
  patients: readonly Pseudonym[],
): Promise<PatientsOfRead> {
  if (patients.length === 0) return { shown: [], missing: [] };
  const { rows } = await pool.query<{ patient: Pseudonym; is_missing: boolean }>(
    `SELECT patient, reason = 'requeued from the start' AS is_missing FROM ${schema}.patient_gate
      WHERE projection = $1 AND version = ${schema}.live_version($1) AND patient = ANY ($2)
        AND state = 'catching-up' AND reason <> 'requeued'`,
    [projection, patients],
  );
  const hidden = new Map(rows.map(({ patient, is_missing }) => [patient, is_missing]));
  return {
    shown: patients.filter((patient) => !hidden.has(patient)),
    missing: patients.filter((patient) => hidden.get(patient)),
  };
}
