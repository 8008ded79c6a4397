import { describe, expect, it } from 'vitest';
import { systems } from './identifier-systems.ts';
import { isSamePatient, judgePatient, type IdentityMode } from './patient-identity.ts';
import { isValidPersonNumber } from './person-number.ts';

const judge = (value: string, mode: IdentityMode, system: string | null = systems.birthNumber) => {
  const verdict = judgePatient({ system, value }, mode, 'Observation.subject.identifier');
  if (verdict.outcome !== 'identified') return verdict.outcome;
  return verdict.warnings.length === 0 ? 'accepted' : 'warned';
};

describe('identity modes', () => {
  it.each([
    // value, strict, lenient
    ['xxxxxx34794', 'refused', 'refused'],
    ['210377xxxxx', 'refused', 'refused'],
    ['15838510076', 'refused', 'warned'],
    ['31828510080', 'refused', 'warned'],
    ['15838510075', 'refused', 'accepted'],
    ['15688510039', 'refused', 'accepted'],
    ['15438510092', 'refused', 'warned'],
    ['81212121223', 'accepted', 'accepted', systems.commonHelpNumber],
    ['1000807', 'refused', 'warned'],
  ] as const)('%s is %s in strict and %s in lenient', (value, strict, lenient, ...rest) => {
    const [system = systems.birthNumber] = rest;
    expect(judge(value, 'strict', system)).toBe(strict);
    expect(judge(value, 'lenient', system)).toBe(lenient);
  });

  it('takes an ordinary number in strict, and warns in lenient that it looks real', () => {
    // Right by the 2032 rule alone, so that nobody has been given it.
    const weights = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
    const remainder = (digits: string) =>
      weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0) % 11;
    const ordinary = Array.from(
      { length: 100 },
      (_, end) => `150385100${`${end}`.padStart(2, '0')}`,
    )
      .filter(isValidPersonNumber)
      .find((digits) => remainder(digits) > 0);
    expect(judge(ordinary ?? '', 'strict')).toBe('accepted');
    expect(judge(ordinary ?? '', 'lenient')).toBe('warned');
  });

  it('lets the digits win over a declared system that contradicts them, with a warning', () => {
    const identifier = { system: systems.birthNumber, value: '55838510069' };
    expect(judgePatient(identifier, 'lenient', 'x')).toMatchObject({
      outcome: 'identified',
      patient: { system: systems.dNumber },
      warnings: [{ severity: 'warning', code: 'value' }],
    });
  });

  it.each(['2.16.578.1.12.4.1.4.1', 'http://hl7.no/fhir/NamingSystem/FNR'])(
    'reads the system %s as that of birth numbers',
    (system) => expect(judge('15838510075', 'lenient', system)).toBe('accepted'),
  );

  it('takes a bare number by its digits and leaves a local serial alone', () => {
    expect(judge('15838510075', 'lenient', null)).toBe('accepted');
    expect(judge('1000239', 'lenient', null)).toBe('unusable');
    expect(judge('1000239', 'lenient', 'http://dips.no/fhir/namingsystem/dips-patientid')).toBe(
      'unusable',
    );
  });

  it('never repeats the number in an issue', () => {
    const verdict = judgePatient({ system: null, value: '15838510076' }, 'strict', 'x');
    expect(JSON.stringify(verdict)).toContain('check digits');
    expect(JSON.stringify(verdict)).not.toContain('15838510076');
  });

  it('names one patient by the digits whatever the system says', () => {
    const value = '15838510075';
    expect(isSamePatient({ system: null, value }, { system: systems.dNumber, value })).toBe(true);
    expect(isSamePatient({ system: 'a', value: '1' }, { system: 'b', value: '1' })).toBe(false);
  });
});
