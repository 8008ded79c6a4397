/** Identifier systems in their normal form, `urn:oid:` (specs/identifiers.md section 2). */
export const systems = {
  birthNumber: 'urn:oid:2.16.578.1.12.4.1.4.1',
  dNumber: 'urn:oid:2.16.578.1.12.4.1.4.2',
  commonHelpNumber: 'urn:oid:2.16.578.1.12.4.1.4.3',
  healthPersonnel: 'urn:oid:2.16.578.1.12.4.1.4.4',
  dufNumber: 'urn:oid:2.16.578.1.12.4.1.4.5',
  organisation: 'urn:oid:2.16.578.1.12.4.1.4.101',
  resh: 'urn:oid:2.16.578.1.12.4.1.4.102',
  pharmacyLicence: 'urn:oid:2.16.578.1.12.4.1.4.107',
  herId: 'urn:oid:2.16.578.1.12.4.1.2',
  municipality: 'urn:oid:2.16.578.1.12.4.1.1.3402',
  district: 'urn:oid:2.16.578.1.12.4.1.1.3403',
  loinc: 'http://loinc.org',
  snomed: 'http://snomed.info/sct',
  npu: 'urn:oid:2.16.578.1.12.4.1.1.7280',
  ucum: 'http://unitsofmeasure.org',
} as const;

const aliases = new Map<string, string>([
  ['http://hl7.no/fhir/NamingSystem/FNR', systems.birthNumber],
  ['http://hl7.no/fhir/NamingSystem/DNR', systems.dNumber],
  ['http://hl7.no/fhir/NamingSystem/FHNR', systems.commonHelpNumber],
  ['http://hl7.no/fhir/NamingSystem/HPR', systems.healthPersonnel],
  ['http://hl7.no/fhir/NamingSystem/DUFN', systems.dufNumber],
  ['http://data.brreg.no/begrep/28155', systems.organisation],
  ['http://hl7.no/fhir/NamingSystem/RESHid', systems.resh],
  ['urn:oid:2.16.578.1.12.4.5.390', systems.resh],
  ['http://hl7.no/fhir/NamingSystem/AKO', systems.pharmacyLicence],
  ['http://hl7.no/fhir/NamingSystem/HERid', systems.herId],
  ['https://register.geonorge.no/sosi-kodelister/kommunenummer', systems.municipality],
  [
    'https://register.geonorge.no/sosi-kodelister/inndelinger/inndelingsbase/kommunenummer',
    systems.municipality,
  ],
  ['http://hl7.no/fhir/NamingSystem/kommunenummer', systems.municipality],
  ['http://data.ssb.no/api/klass/v1/versions/919', systems.district],
  ['http://hl7.no/fhir/NamingSystem/bydelsnummer', systems.district],
  ['https://loinc.org', systems.loinc],
]);

const canonicalCodeSystem = /^https?:\/\/helsedir\.no\/fhir\/CodeSystem\/no-kodeverk-(\d{4})$/;

/** The normal form of a system; one that is not known stays as sent and is never a reason to refuse. */
export function normalSystem(system: string): string {
  const withUrn = /^\d+(\.\d+){3,}$/.test(system) ? `urn:oid:${system}` : system;
  const number = canonicalCodeSystem.exec(withUrn)?.[1];
  if (number !== undefined) return `urn:oid:2.16.578.1.12.4.1.1.${number}`;
  return aliases.get(withUrn) ?? withUrn;
}

const national = new Set<string>([systems.birthNumber, systems.dNumber, systems.commonHelpNumber]);

/** True for the three systems whose number identifies a patient in the whole country. */
export const isNationalPersonSystem = (system: string | null): boolean =>
  system !== null && national.has(system);
