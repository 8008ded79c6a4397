import type { Identifier } from '@samspill/contracts';
import { judgePatient } from '@samspill/fhir';
import { isPseudonym, type Pseudonym } from '@samspill/kernel';
import { CommandFailure } from './command-failure.ts';
import { exitCodes } from './exit-codes.ts';
import { patientNumberOf, patientOptionHelp } from './patient-number.ts';

/** How services take a patient in a body. */
export type NamedPatient = { identifier: Identifier } | { pseudonym: Pseudonym };

export const namedPatientHelp = `${patientOptionHelp}; a pseudonym does too`;

/** The patient that `--patient` names, by national id or pseudonym; the failure does not repeat it. */
export function namedPatientOf(option: string): NamedPatient {
  const text = patientNumberOf(option);
  if (isPseudonym(text)) return { pseudonym: text };
  const verdict = judgePatient({ system: null, value: text }, 'lenient', '--patient');
  if (verdict.outcome === 'identified') return { identifier: verdict.patient };
  throw new CommandFailure(exitCodes.usage, {
    place: '--patient',
    rule: 'it is a national id of 11 digits, or a pseudonym of 22 characters',
    mend: 'give the whole number',
  });
}
