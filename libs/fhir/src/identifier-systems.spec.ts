import { describe, expect, it } from 'vitest';
import { isNationalPersonSystem, normalSystem, systems } from './identifier-systems.ts';

describe('identifier systems', () => {
  it.each([
    ['2.16.578.1.12.4.1.4.1', systems.birthNumber],
    ['urn:oid:2.16.578.1.12.4.1.4.2', systems.dNumber],
    ['http://hl7.no/fhir/NamingSystem/FHNR', systems.commonHelpNumber],
    ['http://hl7.no/fhir/NamingSystem/HPR', systems.healthPersonnel],
    ['http://data.brreg.no/begrep/28155', systems.organisation],
    ['2.16.578.1.12.4.5.390', systems.resh],
    ['https://register.geonorge.no/sosi-kodelister/kommunenummer', systems.municipality],
    ['http://helsedir.no/fhir/CodeSystem/no-kodeverk-7280', systems.npu],
    ['https://loinc.org', systems.loinc],
  ])('reads %s as %s', (sent, normal) => expect(normalSystem(sent)).toBe(normal));

  it.each(['http://dips.no/fhir/namingsystem/dips-patientid', '1.2', 'External Id', ''])(
    'keeps what it does not know as sent: "%s"',
    (sent) => expect(normalSystem(sent)).toBe(sent),
  );

  it('knows which systems identify a patient in the whole country', () => {
    const { birthNumber, dNumber, commonHelpNumber, healthPersonnel } = systems;
    expect([birthNumber, dNumber, commonHelpNumber].every(isNationalPersonSystem)).toBe(true);
    expect([healthPersonnel, null].some(isNationalPersonSystem)).toBe(false);
  });
});
