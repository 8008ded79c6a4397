import { describe, expect, it } from 'vitest';
import { patientNameOf } from './patient-name.ts';

const value = '15838510075';

describe('the name of a patient', () => {
  it.each([
    null,
    'urn:oid:2.16.578.1.12.4.1.4.1',
    'urn:oid:2.16.578.1.12.4.1.4.2',
    'urn:oid:2.16.578.1.12.4.1.4.3',
    '2.16.578.1.12.4.1.4.1',
    'http://hl7.no/fhir/NamingSystem/FNR',
  ])('is one for a national number under the system %s', (system) => {
    expect(patientNameOf({ system, value })).toBe(`no:${value}`);
  });

  it('keeps the system of every other number', () => {
    const local = 'urn:oid:2.16.578.1.12.4.3.9';
    expect(patientNameOf({ system: local, value })).toBe(`${local}|${value}`);
    expect(patientNameOf({ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: 'xxxxxx10075' })).toBe(
      'urn:oid:2.16.578.1.12.4.1.4.1|xxxxxx10075',
    );
    expect(patientNameOf({ system: null, value: 'a' })).toBe('|a');
  });
});
