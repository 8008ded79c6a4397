import { judgePatient } from '@samspill/fhir';
import type { Pseudonym } from '@samspill/kernel';
import { HttpRefusal } from '../http-refusal.ts';
import type { PatientInBody } from '../patient-form.ts';
import type { Operations } from './operations.ts';

/**
 * The linked pseudonyms of the patient, none when the mesh does not know the number.
 * Rejects with HttpRefusal 400, or KEY_VAULT_UNAVAILABLE.
 */
export async function operatedPatient(
  { keys, identity }: Operations,
  named: PatientInBody,
): Promise<readonly Pseudonym[]> {
  if ('pseudonym' in named) return [named.pseudonym];
  const place = 'body.patient.identifier';
  const verdict = judgePatient(named.identifier, identity, place);
  if (verdict.outcome === 'identified') {
    const [found] = await keys.pseudonyms([verdict.patient], 'find');
    return found ?? [];
  }
  const refused = verdict.outcome === 'refused' ? verdict.issues : [unusable];
  throw new HttpRefusal(
    400,
    refused.map(({ code, rule, mend }) => ({ code, place, rule, mend })),
  );
}

const unusable = {
  code: 'value',
  rule: 'a patient is named by a national number or a pseudonym',
  mend: 'send fødselsnummer, D-nummer or felles hjelpenummer, or the pseudonym',
};
