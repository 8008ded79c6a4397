import type { Coding, Component, Value } from '@samspill/contracts';
import { systems } from '../identifier-systems.ts';
import { spotAt, type Spot } from '../spot.ts';
import { codingsOf, hasCoding } from './coded-concept.ts';
import { isCodedAs, measurementKinds, misprintedWeightCode } from './measurement-kind.ts';

/** What the rules of a profile look at. */
export interface ProfiledMeasurement {
  readonly profiles: readonly string[];
  readonly codes: readonly Coding[];
  readonly value: Value | null;
  readonly components: readonly Component[];
}

const canonical = 'http://hl7.no/fhir/vkpobservation/StructureDefinition/';

/** Enforces the VKP profiles that `meta.profile` claims, and no others (specs/measurements.md section 4.3). */
export function checkProfiles(observation: Spot, measurement: ProfiledMeasurement): void {
  const claimed = new Set(measurement.profiles.map((profile) => profile.split('|')[0]));
  for (const kind of measurementKinds) {
    if (kind.profile === undefined || !claimed.has(canonical + kind.profile)) continue;
    if (!isCodedAs(measurement.codes, kind)) {
      const rule = `A measurement that claims ${kind.profile} has one of its codes`;
      observation.issues.refuse('invariant', 'code', rule, `Send the code, or no such profile.`);
    }
    const { value } = measurement;
    if (kind.units !== undefined && value !== null) {
      checkUnit(observation, 'value', value, kind.units, kind.profile);
    }
    if (kind.name === 'blood-pressure') checkBloodPressure(observation, measurement);
  }
  if (hasCoding(measurement.codes, systems.loinc, [misprintedWeightCode])) {
    const rule = 'Body weight is LOINC 29463-7';
    observation.issues.warn(
      'value',
      'code',
      rule,
      'Send 29463-7; the printed 29563-7 was accepted.',
    );
  }
}

function checkUnit(
  observation: Spot,
  path: string,
  value: Value,
  units: readonly string[],
  profile: string,
): void {
  if (value.type !== 'Quantity') {
    const rule = `The value under ${profile} is a Quantity`;
    observation.issues.refuse('invariant', path, rule, 'Send valueQuantity.');
  } else if (
    value.unitSystem !== systems.ucum ||
    value.unitCode === null ||
    !units.includes(value.unitCode)
  ) {
    const rule = `The unit under ${profile} is the UCUM code ${units.join(' or ')}`;
    const mend = `Send system ${systems.ucum} and that code, with the value in it.`;
    observation.issues.refuse('invariant', `${path}.code`, rule, mend);
  }
}

const pressures = [
  { name: 'systolic', loinc: ['8480-6'], snomed: ['271649006'] },
  { name: 'diastolic', loinc: ['8462-4'], snomed: ['271650006'] },
];
const bodySites = [
  '6685009',
  '51636004',
  '7569003',
  '2402003',
  '9736006',
  '5951000',
  '51114001',
  '11207009',
  '61396006',
  '368209003',
  '368208006',
  '29707007',
];
const methods = ['37931006', '113011001'];

function checkBloodPressure(observation: Spot, { value, components }: ProfiledMeasurement): void {
  const { issues } = observation;
  const profile = 'vkp-Observation-Bloodpressure';
  if (value !== null) {
    const rule = 'A blood pressure has its values in components';
    issues.refuse('invariant', 'value', rule, 'Send systolic and diastolic as components.');
  }
  for (const { name, loinc, snomed } of pressures) {
    const at = components.findIndex(
      ({ codes }) =>
        hasCoding(codes, systems.loinc, loinc) || hasCoding(codes, systems.snomed, snomed),
    );
    const component = components[at];
    if (component === undefined) {
      const rule = `A blood pressure has a ${name} component`;
      const mend = `Send the component with LOINC ${loinc.join()}, with dataAbsentReason if unknown.`;
      issues.refuse('invariant', 'component', rule, mend);
    } else if (component.value !== null) {
      checkUnit(observation, `component[${at}].value`, component.value, ['mm[Hg]'], profile);
    }
  }
  checkRequiredSet(observation, 'bodySite', bodySites);
  checkRequiredSet(observation, 'method', methods);
}

function checkRequiredSet(observation: Spot, name: string, codes: readonly string[]): void {
  const concept = spotAt(observation, name);
  if (concept === undefined || hasCoding(codingsOf(concept), systems.snomed, codes)) return;
  const rule = `${name} of a blood pressure is a SNOMED CT code of the profile's required set`;
  observation.issues.refuse('invariant', name, rule, `Send one of ${codes.join(', ')}.`);
}
