import type { Coding } from '@samspill/contracts';
import { systems } from '../identifier-systems.ts';
import { hasCoding } from './coded-concept.ts';

/** What a kind of measurement is coded with (specs/measurements.md section 4.3). */
export interface MeasurementKind {
  readonly name: string;
  /** Last part of the VKP profile's canonical; undefined for kinds under the general profile. */
  readonly profile?: string;
  readonly loinc: readonly string[];
  readonly snomed: readonly string[];
  readonly npu?: readonly string[];
  /** UCUM codes of valueQuantity. */
  readonly units?: readonly string[];
}

/** The implementation guide's table prints 29563-7 for weight; its example and HL7 have 29463-7. */
export const misprintedWeightCode = '29563-7';

export const measurementKinds: readonly MeasurementKind[] = [
  {
    name: 'heart-rate',
    profile: 'vkp-Observation-Heartrate',
    loinc: ['8867-4'],
    snomed: ['364075005'],
    units: ['/min'],
  },
  {
    name: 'blood-pressure',
    profile: 'vkp-Observation-Bloodpressure',
    loinc: ['85354-9'],
    snomed: ['75367002'],
  },
  {
    name: 'oxygen-saturation',
    profile: 'vkp-Observation-Oxygensat',
    loinc: ['2708-6'],
    snomed: ['431314004'],
    units: ['%'],
  },
  { name: 'glucose', loinc: ['15074-8'], snomed: ['434912009'], npu: ['NPU02187'] },
  {
    name: 'body-temperature',
    profile: 'vkp-Observation-Bodytemp',
    loinc: ['8310-5'],
    snomed: ['276885007'],
    units: ['Cel'],
  },
  {
    name: 'body-weight',
    profile: 'vkp-Observation-Bodyweight',
    loinc: ['29463-7', misprintedWeightCode],
    snomed: ['27113001'],
    units: ['kg', 'g'],
  },
  {
    name: 'respiration-rate',
    profile: 'vkp-Observation-Resprate',
    loinc: ['9279-1'],
    snomed: ['86290005'],
    units: ['/min'],
  },
  {
    name: 'consciousness',
    profile: 'vkp-Observation-Consciousness',
    loinc: [],
    snomed: ['1104441000000107'],
  },
  {
    name: 'news2',
    profile: 'vkp-Observation-NEWS2score',
    loinc: [],
    snomed: ['1104051000000101'],
  },
  {
    name: 'clinical-frailty',
    profile: 'vkp-Observation-CFSscore',
    loinc: [],
    snomed: ['763264000'],
  },
  { name: 'questionnaire-score', loinc: ['74465-6'], snomed: [] },
];

export const isCodedAs = (codes: readonly Coding[], kind: MeasurementKind): boolean =>
  hasCoding(codes, systems.loinc, kind.loinc) ||
  hasCoding(codes, systems.snomed, kind.snomed) ||
  hasCoding(codes, systems.npu, kind.npu ?? []);

/** The kind that the codes say; `other` for what we have no name for. */
export const kindNameOf = (codes: readonly Coding[]): string =>
  measurementKinds.find((kind) => isCodedAs(codes, kind))?.name ?? 'other';
