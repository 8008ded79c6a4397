import type { PatientIdentifier } from './key-client.ts';

const nationalSystems = new Set([
  '2.16.578.1.12.4.1.4.1',
  '2.16.578.1.12.4.1.4.2',
  '2.16.578.1.12.4.1.4.3',
  'http://hl7.no/fhir/NamingSystem/FNR',
  'http://hl7.no/fhir/NamingSystem/DNR',
  'http://hl7.no/fhir/NamingSystem/FHNR',
]);

/**
 * The text under whose HMAC a patient is known (specs/identifiers.md section 1): `no:<11 digits>` for fødselsnummer,
 * D-nummer and felles hjelpenummer, whatever of the three the system says, since their number spaces do not meet;
 * else `<system>|<value>`. Never write it anywhere: it holds the number.
 */
export function patientNameOf({ system, value }: PatientIdentifier): string {
  const isNational = system === null || nationalSystems.has(system.replace(/^urn:oid:/, ''));
  return isNational && /^\d{11}$/.test(value) ? `no:${value}` : `${system ?? ''}|${value}`;
}
