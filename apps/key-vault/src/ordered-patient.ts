import type { Pseudonym } from '@samspill/kernel';
import type { PatientInBody } from '@samspill/service';
import type { Pseudonyms } from './pseudonyms.ts';
import { notFound } from './rights.ts';

/** Whom an order is about: all linked pseudonyms. Throws a refusal 404 for a number that the mesh does not know. */
export async function orderedPatient(
  known: Pseudonyms,
  patient: PatientInBody,
): Promise<readonly Pseudonym[]> {
  if ('pseudonym' in patient) return [patient.pseudonym];
  const [set] = await known.find([patient.identifier]);
  if (set !== undefined) return set;
  throw notFound(
    'body.patient',
    'the patient is known to the mesh',
    'see whether the number is right; nothing of such a patient was ever sealed',
  );
}
