import type { Identifier } from '@samspill/contracts';
import type { Issue } from '../operation-outcome.ts';
import { issue } from '../operation-outcome.ts';
import { judgePatient, type IdentityMode } from '../patient-identity.ts';

/** What the intake knows beside the body. */
export interface IntakeContext {
  readonly identity: IdentityMode;
  /** Value of `nhn-patient-nin`. */
  readonly patientHeader?: string | undefined;
  readonly now: Date;
  /** The caller's main unit, and other organisations that the caller may send for. */
  readonly orgnrParent: string;
  readonly sendsFor: readonly string[];
}

/** The context of one call, with the patient of the header judged once. */
export interface CallContext extends IntakeContext {
  readonly headerPatient: Identifier | undefined;
  readonly headerWarnings: readonly Issue[];
}

const place = 'http.nhn-patient-nin';

/** Judges the patient header; answers the issues when it names nobody. */
export function callContext(context: IntakeContext): CallContext | { issues: readonly Issue[] } {
  const value = context.patientHeader;
  if (value === undefined) return { ...context, headerPatient: undefined, headerWarnings: [] };
  const verdict = judgePatient({ system: null, value }, context.identity, place);
  switch (verdict.outcome) {
    case 'identified':
      return { ...context, headerPatient: verdict.patient, headerWarnings: verdict.warnings };
    case 'refused':
      return { issues: verdict.issues };
    case 'unusable': {
      const rule = 'The patient header holds a national number of 11 digits';
      return { issues: [issue('error', 'value', rule, 'Send the whole number.', place)] };
    }
  }
}
