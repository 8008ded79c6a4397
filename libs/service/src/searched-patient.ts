import type { Identifier } from '@samspill/contracts';
import { isSamePatient, judgePatient, type IdentityMode } from '@samspill/fhir';
import type { Problem } from './http-refusal.ts';

/** Where a request may name its patient; undefined when it does not. */
export interface NamedPatient {
  /** Search parameter `patient.identifier`: a bare number or `system|number`. */
  readonly parameter?: string | undefined;
  /** Header `nhn-patient-nin` or an older name of it. */
  readonly header?: string | undefined;
}

export type SearchedPatient =
  | { readonly patient: Identifier; readonly problems?: never }
  | { readonly patient?: never; readonly problems: readonly Problem[] };

/** Who is asked about: one patient, named at least once and alike wherever named (specification of measurements, section 5). */
export function searchedPatient(
  { parameter, header }: NamedPatient,
  mode: IdentityMode,
): SearchedPatient {
  const named = [
    ...(header === undefined ? [] : [judge(header, 'header nhn-patient-nin', mode)]),
    ...(parameter === undefined ? [] : [judge(parameter, 'parameter patient.identifier', mode)]),
  ];
  const problems = named.flatMap((judged) => judged.problems ?? []);
  if (problems.length > 0) return { problems };
  const [patient, other] = named.flatMap((judged) => judged.patient ?? []);
  if (patient === undefined) return { problems: [noPatient] };
  if (other !== undefined && !isSamePatient(patient, other)) return { problems: [twoPatients] };
  return { patient };
}

function judge(text: string, place: string, mode: IdentityMode): SearchedPatient {
  const bar = text.lastIndexOf('|');
  const system = text.slice(0, Math.max(bar, 0)).trim();
  const value = text.slice(bar + 1).trim();
  const verdict = judgePatient({ system: system === '' ? null : system, value }, mode, place);
  switch (verdict.outcome) {
    case 'identified':
      return { patient: verdict.patient };
    case 'refused':
      return {
        problems: verdict.issues.map(({ code, rule, mend }) => ({ code, place, rule, mend })),
      };
    case 'unusable':
      return {
        problems: [
          {
            code: 'value',
            place,
            rule: 'a patient is named by a national number',
            mend: 'send fødselsnummer, D-nummer or felles hjelpenummer, with its system or without one',
          },
        ],
      };
  }
}

const noPatient: Problem = {
  code: 'required',
  place: 'parameter patient.identifier',
  rule: 'a read is about one patient',
  mend: 'name the patient in the header nhn-patient-nin, or by patient.identifier in the form of a search',
};
const twoPatients: Problem = {
  code: 'value',
  place: 'parameter patient.identifier',
  rule: 'header and parameter name one patient',
  mend: 'send one of them, or the same patient in both',
};
