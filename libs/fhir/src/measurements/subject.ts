import type { Identifier } from '@samspill/contracts';
import { isSamePatient, judgePatient } from '../patient-identity.ts';
import { spotAt, textAt, type Spot } from '../spot.ts';
import type { CallContext } from './intake-context.ts';

/** Whose measurement it is: the logical identifier, else the patient header; undefined (and refused) with neither. */
export function readSubject(observation: Spot, context: CallContext): Identifier | undefined {
  const { issues } = observation;
  const subject = spotAt(observation, 'subject');
  if (subject !== undefined && !isPatientReference(subject)) {
    const rule = 'The subject of a measurement is one patient';
    issues.refuse('value', 'subject', rule, 'Send subject.identifier of the patient.');
    return undefined;
  }
  const sent = subject === undefined ? 'none' : readIdentifier(subject, context);
  if (sent === 'refused') return undefined;
  if (sent !== 'none') {
    if (context.headerPatient !== undefined && !isSamePatient(sent, context.headerPatient)) {
      const rule = 'The subject is the patient of the header nhn-patient-nin';
      issues.refuse('value', 'subject.identifier', rule, 'Send both alike, or no header.');
      return undefined;
    }
    return sent;
  }
  if (context.headerPatient !== undefined) {
    issues.add(context.headerWarnings);
    return context.headerPatient;
  }
  const rule = 'A measurement names its patient by a national identifier';
  const mend = 'Send subject.identifier with system and number, or the header nhn-patient-nin.';
  issues.refuse('required', 'subject.identifier', rule, mend);
  return undefined;
}

/** A literal reference decides nothing but whether it is about something else than a patient. */
function isPatientReference(subject: Spot): boolean {
  const type = textAt(subject, 'type');
  if (type !== null && type !== 'Patient') return false;
  const reference = textAt(subject, 'reference');
  return (
    reference === null || !/(^|\/)(Group|Device|Location|Medication|Substance)\//.test(reference)
  );
}

function readIdentifier(subject: Spot, context: CallContext): Identifier | 'none' | 'refused' {
  const identifier = spotAt(subject, 'identifier');
  const value = identifier === undefined ? null : textAt(identifier, 'value');
  if (identifier === undefined || value === null) return 'none';
  const system = textAt(identifier, 'system');
  const place = 'subject.identifier';
  const verdict = judgePatient({ system, value }, context.identity, '');
  switch (verdict.outcome) {
    case 'unusable':
      return 'none';
    case 'refused':
      for (const { code, rule, mend } of verdict.issues)
        subject.issues.refuse(code, place, rule, mend);
      return 'refused';
    case 'identified':
      for (const { code, rule, mend } of verdict.warnings)
        subject.issues.warn(code, place, rule, mend);
      return verdict.patient;
  }
}
