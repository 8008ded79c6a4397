import { exactNumber, systems, type Json, type JsonObject } from '@samspill/fhir';
import { news2PartsOf, news2TotalOf, type News2Parts } from './news2-score.ts';
import type { SyntheticPatient } from './synthetic-patients.ts';
import type { VitalSigns } from './vital-signs.ts';

/** What a home device measures, or a home service scores. */
export type HomeKind =
  | 'heart-rate'
  | 'blood-pressure'
  | 'oxygen-saturation'
  | 'body-temperature'
  | 'body-weight'
  | 'respiration-rate'
  | 'glucose'
  | 'news2';

export interface HomeObservation {
  readonly kind: HomeKind;
  readonly patient: SyntheticPatient;
  /** FHIR dateTime */
  readonly at: string;
  readonly signs: VitalSigns;
  /** What the hub calls out of range for this patient. */
  readonly usualWeight: number;
  readonly status: 'final' | 'preliminary';
  /** FHIR code, where there is no value. */
  readonly absent?: string;
}

const profileBase = 'http://hl7.no/fhir/vkpobservation/StructureDefinition/';

interface KindForm {
  readonly profile: string;
  readonly loinc?: string;
  readonly snomed: string;
  readonly text: string;
  readonly category: 'vital-signs' | 'survey';
  readonly device?: string;
  readonly result: (observation: HomeObservation) => JsonObject;
}

const forms: Record<HomeKind, KindForm> = {
  'heart-rate': {
    profile: 'vkp-Observation-Heartrate',
    loinc: '8867-4',
    snomed: '364075005',
    text: 'Hjertefrekvens',
    category: 'vital-signs',
    device: 'Pulsoksymeter',
    result: ({ signs }) =>
      measured(quantity(String(signs.heartRate), '/min'), ['50', '90', '/min']),
  },
  'blood-pressure': {
    profile: 'vkp-Observation-Bloodpressure',
    loinc: '85354-9',
    snomed: '75367002',
    text: 'Blodtrykk',
    category: 'vital-signs',
    device: 'Blodtrykksmåler',
    result: ({ signs }) => ({
      bodySite: { coding: [coding(systems.snomed, '368209003')] },
      component: [
        pressure('8480-6', '271649006', 'Systolisk', signs.systolic, ['90', '140', 'mm[Hg]']),
        pressure('8462-4', '271650006', 'Diastolisk', signs.diastolic, ['60', '90', 'mm[Hg]']),
      ],
    }),
  },
  'oxygen-saturation': {
    profile: 'vkp-Observation-Oxygensat',
    loinc: '2708-6',
    snomed: '431314004',
    text: 'Oksygenmetning',
    category: 'vital-signs',
    device: 'Pulsoksymeter',
    result: ({ signs, patient }) =>
      measured(
        quantity(String(signs.oxygenSaturation), '%'),
        patient.conditions.includes('copd') ? ['88', '92', '%'] : ['94', '100', '%'],
      ),
  },
  'body-temperature': {
    profile: 'vkp-Observation-Bodytemp',
    loinc: '8310-5',
    snomed: '276885007',
    text: 'Kroppstemperatur',
    category: 'vital-signs',
    device: 'Øretermometer',
    result: ({ signs }) =>
      measured(quantity(signs.temperature.toFixed(1), 'Cel', '°C'), ['36.0', '38.0', 'Cel']),
  },
  'body-weight': {
    profile: 'vkp-Observation-Bodyweight',
    loinc: '29463-7',
    snomed: '27113001',
    text: 'Kroppsvekt',
    category: 'vital-signs',
    device: 'Badevekt',
    result: ({ signs, usualWeight }) =>
      measured(quantity(signs.weight.toFixed(2), 'kg'), [
        (usualWeight - 2).toFixed(1),
        (usualWeight + 2).toFixed(1),
        'kg',
      ]),
  },
  'respiration-rate': {
    profile: 'vkp-Observation-Resprate',
    loinc: '9279-1',
    snomed: '86290005',
    text: 'Respirasjonsfrekvens',
    category: 'vital-signs',
    result: ({ signs }) =>
      measured(quantity(String(signs.respirationRate), '/min'), ['12', '20', '/min']),
  },
  glucose: {
    profile: 'vkp-Observation',
    loinc: '15074-8',
    snomed: '434912009',
    text: 'Glukose',
    category: 'vital-signs',
    device: 'Blodsukkermåler',
    result: ({ signs }) =>
      measured(quantity(signs.glucose.toFixed(1), 'mmol/L'), ['4.0', '10.0', 'mmol/L']),
  },
  news2: {
    profile: 'vkp-Observation-NEWS2score',
    snomed: '1104051000000101',
    text: 'NEWS2',
    category: 'survey',
    result: ({ signs }) => {
      const parts = news2PartsOf(signs);
      return {
        valueQuantity: quantity(String(news2TotalOf(parts)), '{score}'),
        component: Object.entries(news2Codes).map(([part, code]) => ({
          code: { coding: [coding(systems.snomed, code)] },
          valueQuantity: quantity(String(parts[part as keyof News2Parts]), '{score}'),
        })),
      };
    },
  },
};

const news2Codes: Record<keyof News2Parts, string> = {
  respiration: '1104301000000104',
  oxygenSaturation: '1104321000000108',
  air: '1104331000000105',
  pulse: '1104351000000103',
  systolic: '1104341000000101',
  consciousness: '1104361000000100',
  temperature: '1104371000000107',
};

/** The FHIR R4 Observation, as a home-monitoring hub sends it. Its numbers are written as here, decimals kept. */
export function homeObservation(observation: HomeObservation): JsonObject {
  const form = forms[observation.kind];
  const { patient, at, status, absent } = observation;
  return {
    resourceType: 'Observation',
    meta: { profile: [profileBase + form.profile] },
    status,
    category: [{ coding: [coding(categorySystem, form.category)] }],
    code: {
      coding: [
        ...(form.loinc === undefined ? [] : [coding(systems.loinc, form.loinc)]),
        coding(systems.snomed, form.snomed),
      ],
      text: form.text,
    },
    subject: { identifier: { system: systems.birthNumber, value: patient.nationalId } },
    effectiveDateTime: at,
    ...(form.device !== undefined && { device: { display: form.device } }),
    ...(absent === undefined
      ? form.result(observation)
      : { dataAbsentReason: { coding: [coding(absentSystem, absent)] } }),
  };
}

const categorySystem = 'http://terminology.hl7.org/CodeSystem/observation-category';
const absentSystem = 'http://terminology.hl7.org/CodeSystem/data-absent-reason';

const coding = (system: string, code: string): JsonObject => ({ system, code });

const quantity = (value: string, code: string, unit = code): JsonObject => ({
  value: exactNumber(value),
  unit,
  system: systems.ucum,
  code,
});

type Range = readonly [low: string, high: string, unit: string];

const referenceRange = ([low, high, unit]: Range): Json[] => [
  { low: quantity(low, unit), high: quantity(high, unit) },
];

const measured = (value: JsonObject, range: Range): JsonObject => ({
  valueQuantity: value,
  referenceRange: referenceRange(range),
});

const pressure = (
  loinc: string,
  snomed: string,
  text: string,
  value: number,
  range: Range,
): JsonObject => ({
  code: { coding: [coding(systems.loinc, loinc), coding(systems.snomed, snomed)], text },
  ...measured(quantity(String(value), 'mm[Hg]'), range),
});
