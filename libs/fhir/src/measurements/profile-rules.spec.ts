import { describe, expect, it } from 'vitest';
import { readMeasurement } from './bundle.ts';
import { accepted, bodyOf, heartRate, lenient } from './measurement-fixture.ts';

const read = (changes: Record<string, unknown> = {}) =>
  readMeasurement(bodyOf(heartRate(changes)), lenient);

const component = (code: string, value: number, unit = 'mm[Hg]') => ({
  code: { coding: [{ system: 'http://loinc.org', code }] },
  valueQuantity: { value, system: 'http://unitsofmeasure.org', code: unit },
});

const profile = (name: string) => ({
  profile: [`http://hl7.no/fhir/vkpobservation/StructureDefinition/${name}`],
});

const bloodPressure = {
  meta: profile('vkp-Observation-Bloodpressure'),
  code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }] },
  valueQuantity: undefined,
  component: [component('8480-6', 123), component('8462-4', 78), component('8478-0', 93)],
};

const loinc = (code: string) => [{ system: 'http://loinc.org', code }];
const snomed = (code: string) => [{ system: 'http://snomed.info/sct', code }];
const npu = (code: string) => [{ system: 'urn:oid:2.16.578.1.12.4.1.1.7280', code }];

describe('the kind of a measurement', () => {
  it.each([
    ['heart-rate', loinc('8867-4'), snomed('364075005')],
    ['blood-pressure', loinc('85354-9'), snomed('75367002')],
    ['oxygen-saturation', loinc('2708-6'), snomed('431314004')],
    ['glucose', loinc('15074-8'), snomed('434912009'), npu('NPU02187')],
    ['body-temperature', loinc('8310-5'), snomed('276885007')],
    ['body-weight', loinc('29463-7'), snomed('27113001'), loinc('29563-7')],
    ['respiration-rate', loinc('9279-1'), snomed('86290005')],
    ['consciousness', snomed('1104441000000107')],
    ['news2', snomed('1104051000000101')],
    ['clinical-frailty', snomed('763264000')],
    ['questionnaire-score', loinc('74465-6')],
    ['other', loinc('39156-5'), [{ system: 'urn:oid:1.2.3.4', code: '8867-4' }]],
  ])('is %s by each of its codes', (kind, ...codings) => {
    for (const coding of codings) expect(accepted({ code: { coding } }).content.kind).toBe(kind);
  });
});

describe('a profile that is claimed', () => {
  it.each([
    ['Heartrate', '8867-4', ['/min'], 'bpm'],
    ['Oxygensat', '2708-6', ['%'], '1'],
    ['Bodytemp', '8310-5', ['Cel'], '[degF]'],
    ['Bodyweight', '29463-7', ['kg', 'g'], '[lb_av]'],
    ['Resprate', '9279-1', ['/min'], '/h'],
  ])('of %s (LOINC %s) lets %j in and refuses %s', (name, code, units, wrong) => {
    const judged = (unit: string) =>
      read({
        meta: profile(`vkp-Observation-${name}`),
        code: { coding: loinc(code) },
        valueQuantity: { value: 61, system: 'http://unitsofmeasure.org', code: unit },
      });
    for (const unit of units) expect(judged(unit).outcome).toBe('accepted');
    expect(judged(wrong)).toMatchObject({
      outcome: 'refused',
      status: 422,
      issues: [{ code: 'invariant', place: 'Observation.value.code' }],
    });
  });

  it.each([
    [{ ...bloodPressure, bodySite: { coding: snomed('368209003') } }],
    [{ ...bloodPressure, bodySite: { coding: snomed('61396006') } }],
    [{ ...bloodPressure, method: { coding: snomed('37931006') } }],
    [{ ...bloodPressure, method: { coding: snomed('113011001') } }],
  ])('of blood pressure takes the sites and methods of its sets (%#)', (changes) =>
    expect(read(changes).outcome).toBe('accepted'),
  );

  it.each<[string, Record<string, unknown>, string, string]>([
    [
      'wrong unit',
      {
        meta: profile('vkp-Observation-Heartrate'),
        valueQuantity: { value: 61, system: 'http://unitsofmeasure.org', code: 'bpm' },
      },
      'invariant',
      'value.code',
    ],
    [
      'wrong body site',
      { ...bloodPressure, bodySite: { coding: [{ system: 'http://snomed.info/sct', code: '1' }] } },
      'invariant',
      'bodySite',
    ],
    [
      'wrong method',
      { ...bloodPressure, method: { coding: [{ system: 'http://snomed.info/sct', code: '1' }] } },
      'invariant',
      'method',
    ],
    [
      'unit of a component',
      { ...bloodPressure, component: [component('8480-6', 12, 'kPa'), component('8462-4', 78)] },
      'invariant',
      'component[0].value.code',
    ],
    [
      'no diastolic',
      { ...bloodPressure, component: [component('8480-6', 123)] },
      'invariant',
      'component',
    ],
    ['a value at the top', { ...bloodPressure, valueQuantity: { value: 1 } }, 'invariant', 'value'],
    ['another code', { meta: profile('vkp-Observation-Oxygensat|0.5.2') }, 'invariant', 'code'],
    [
      'words for a number',
      { meta: profile('vkp-Observation-Heartrate'), valueQuantity: undefined, valueString: '61' },
      'invariant',
      'value',
    ],
  ])('refuses %s, naming the place', (_, changes, code, element) => {
    const result = read(changes);
    expect(result).toMatchObject({ outcome: 'refused', status: 422 });
    expect(result.outcome === 'refused' && result.issues).toContainEqual(
      expect.objectContaining({ severity: 'error', code, place: `Observation.${element}` }),
    );
  });

  it('of blood pressure takes a component that says why it has no value', () => {
    const absent = {
      code: { coding: loinc('8462-4') },
      dataAbsentReason: { text: 'cuff fell off' },
    };
    const { content } = accepted({
      ...bloodPressure,
      component: [component('8480-6', 123), absent],
    });
    expect(content.components[1]).toMatchObject({ value: null, dataAbsentReason: 'cuff fell off' });
  });

  it('is enforced, and no other', () => {
    const odd = { valueQuantity: { value: 61, code: 'bpm' } };
    expect(read(odd).outcome).toBe('accepted');
    expect(read({ ...odd, meta: profile('vkp-Observation-Heartrate') }).outcome).toBe('refused');
  });

  it('of blood pressure lets further components through', () => {
    expect(accepted(bloodPressure).content.components).toHaveLength(3);
  });

  it('takes the misprinted code of weight with a warning', () => {
    const result = accepted({
      meta: profile('vkp-Observation-Bodyweight'),
      code: { coding: [{ system: 'http://loinc.org', code: '29563-7' }] },
      valueQuantity: { value: 80.5, system: 'http://unitsofmeasure.org', code: 'kg' },
    });
    expect(result.content.kind).toBe('body-weight');
    expect(result.warnings).toHaveLength(1);
  });

  it.each([
    [12, 0],
    [13, 1],
  ])('a NEWS2 total of %i with parts that add up to 12 gives %i warnings', (total, warnings) => {
    const parts = [3, 3, 2, 3, 1, 0, 0];
    const codes = ['301', '321', '331', '351', '341', '361', '371'];
    const checks = ['104', '108', '105', '103', '101', '100', '107'];
    const result = accepted({
      code: { coding: [{ system: 'http://snomed.info/sct', code: '1104051000000101' }] },
      valueQuantity: { value: total },
      component: parts.map((value, at) => ({
        code: {
          coding: [
            { system: 'http://snomed.info/sct', code: `1104${codes[at]}000000${checks[at]}` },
          ],
        },
        valueQuantity: { value },
      })),
    });
    expect(result.content.kind).toBe('news2');
    expect(result.warnings).toHaveLength(warnings);
  });
});
