import type { Identifier } from '@samspill/contracts';
import { isNationalPersonSystem, normalSystem, systems } from './identifier-systems.ts';
import { issue, type Issue } from './operation-outcome.ts';
import { isElevenDigits, readPersonNumber, type PersonNumber } from './person-number.ts';

/** strict: production. lenient: tests and published examples. */
export type IdentityMode = 'strict' | 'lenient';

/** `identified`: the patient, system in normal form. `unusable`: names nobody in the mesh. `refused`: see the issues. */
export type PatientVerdict =
  | {
      readonly outcome: 'identified';
      readonly patient: Identifier;
      readonly warnings: readonly Issue[];
    }
  | { readonly outcome: 'unusable' }
  | { readonly outcome: 'refused'; readonly issues: readonly Issue[] };

const kindSystems: Record<PersonNumber['kind'], string> = {
  'birth-number': systems.birthNumber,
  'd-number': systems.dNumber,
  'common-help-number': systems.commonHelpNumber,
  'local-help-number': systems.birthNumber,
};

/**
 * Judges an identifier as that of a patient (specs/identifiers.md section 3, specs/measurements.md section 2).
 * A bare value counts as national when it has eleven digits. `place` is the FHIRPath for issues.
 */
export function judgePatient(
  { system, value }: Identifier,
  mode: IdentityMode,
  place: string,
): PatientVerdict {
  const declared = system === null ? null : normalSystem(system);
  if (declared !== null && !isNationalPersonSystem(declared)) return { outcome: 'unusable' };
  const number = readPersonNumber(value);
  if (number === undefined) return judgeShape(declared, value, mode, place);
  const problems = problemsOf(number, declared, mode);
  const refusals = problems.filter(({ refused }) => refused);
  if (refusals.length > 0) {
    return { outcome: 'refused', issues: refusals.map((found) => asIssue('error', found, place)) };
  }
  const patient = { system: kindSystems[number.kind], value };
  const warnings = problems.map((found) => asIssue('warning', found, place));
  return { outcome: 'identified', patient, warnings };
}

interface Problem {
  readonly refused: boolean;
  readonly rule: string;
  readonly mend: string;
}

/** Masked numbers are never a patient. Short made-up ones of published examples are, under a declared system, in lenient. */
function judgeShape(
  declared: string | null,
  value: string,
  mode: IdentityMode,
  place: string,
): PatientVerdict {
  if (declared === null) return { outcome: 'unusable' };
  const problem = {
    refused: mode === 'strict' || !/^\d{1,20}$/.test(value),
    rule: 'A national number has 11 digits',
    mend: 'Send the whole number, not masked.',
  };
  if (problem.refused) return { outcome: 'refused', issues: [asIssue('error', problem, place)] };
  const patient = { system: declared, value };
  return { outcome: 'identified', patient, warnings: [asIssue('warning', problem, place)] };
}

function problemsOf(number: PersonNumber, declared: string | null, mode: IdentityMode): Problem[] {
  const strict = mode === 'strict';
  const problems: Problem[] = [];
  const note = (holds: boolean, refused: boolean, rule: string, mend: string) => {
    if (!holds) problems.push({ refused, rule, mend });
  };
  note(
    number.checkDigitsHold,
    strict,
    'The check digits of a national number are right',
    'Check the number with the source.',
  );
  note(
    number.dateExists,
    strict,
    'The date in a national number exists',
    'Check the number with the source.',
  );
  note(
    number.kind !== 'local-help-number',
    strict,
    'A help number stands under the system of the enterprise that gave it',
    'Send the system of the enterprise, or the national number.',
  );
  if (strict) {
    note(
      !number.synthetic,
      true,
      'Synthetic numbers are for tests',
      'Send the number of a person.',
    );
  } else {
    const looksReal = !number.synthetic && number.kind !== 'local-help-number';
    note(
      !looksReal || number.kind === 'common-help-number',
      false,
      'A test uses synthetic numbers (month + 80 or + 65)',
      'Use a synthetic patient: this number looks real.',
    );
  }
  note(
    declared === null || declared === kindSystems[number.kind],
    false,
    'The system of an identifier fits its digits',
    'Send the system that belongs to this kind of number; the digits decided.',
  );
  return problems;
}

const asIssue = (severity: 'error' | 'warning', { rule, mend }: Problem, place: string): Issue =>
  issue(severity, 'value', rule, mend, place);

/** True when two identifiers name one patient: national numbers by their digits, others with their system. */
export const isSamePatient = (one: Identifier, other: Identifier): boolean =>
  one.value === other.value && (isElevenDigits(one.value) || one.system === other.system);
