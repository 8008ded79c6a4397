import type { Pseudonym } from '@samspill/kernel';
import type { Pool } from 'pg';
import type { OfProjection } from './versions.ts';

/** The linked pseudonyms of a patient, by what readers may see of them. */
export interface PatientsOfRead {
  readonly shown: readonly Pseudonym[];
  /** Nothing of them is shown for now, and readers are to be told that something is missing. */
  readonly missing: readonly Pseudonym[];
  /** Of some, shown or missing, the log holds more than the read model could take, and readers are to be told. */
  readonly isIncomplete: boolean;
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
  const { rows } = await pool.query<{ patient: Pseudonym; reason: string; is_parked: boolean }>(
    `SELECT patient, reason, state = 'parked' AS is_parked FROM ${schema}.patient_gate
      WHERE projection = $1 AND version = ${schema}.live_version($1) AND patient = ANY ($2)
        AND state IN ('parked', 'catching-up')`,
    [projection, patients],
  );
  const among = (found: typeof rows): ReadonlySet<Pseudonym> =>
    new Set(found.map(({ patient }) => patient));
  const caughtUp = rows.filter(({ is_parked }) => !is_parked);
  const hidden = among(caughtUp.filter(({ reason }) => reason !== 'requeued'));
  const missing = among(caughtUp.filter(({ reason }) => reason === 'requeued from the start'));
  return {
    shown: patients.filter((patient) => !hidden.has(patient)),
    missing: patients.filter((patient) => missing.has(patient)),
    isIncomplete: rows.some(({ reason, is_parked }) => is_parked || reason.startsWith('requeued')),
  };
}
