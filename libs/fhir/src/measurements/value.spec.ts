import { describe, expect, it } from 'vitest';
import { readMeasurement } from './bundle.ts';
import { accepted, bodyOf, heartRate, lenient } from './measurement-fixture.ts';

describe('a value that was sent', () => {
  it.each(['85.0000000001', '85', '37.0', '1E1'])('keeps the number %s as sent', (number) => {
    const body = bodyOf(heartRate()).toString().replace('"value":61', `"value":${number}`);
    const result = readMeasurement(Buffer.from(body), lenient);
    expect(result).toMatchObject({ content: { value: { text: number } } });
    expect(result).toMatchObject({
      content: { resource: expect.stringContaining(number) as string },
    });
  });

  it.each<[string, unknown, string, string | null]>([
    ['valueQuantity', { value: 4.2, unit: 'mmol/L', comparator: '<' }, '4.2', 'mmol/L'],
    ['valueCodeableConcept', { text: 'Alert' }, 'Alert', null],
    ['valueString', 'as usual', 'as usual', null],
    ['valueInteger', 3, '3', null],
    ['valueBoolean', false, 'false', null],
    ['valueTime', '08:30:00', '08:30:00', null],
    ['valueDateTime', '2024-02-28', '2024-02-28', null],
    ['valuePeriod', { start: '2024-02-28', end: '2024-02-29' }, '2024-02-28/2024-02-29', null],
    ['valueRange', { low: { value: 3, unit: 'mmol/L' } }, '3 mmol/L - ', null],
    [
      'valueRange',
      { low: { value: -5.0, code: 'Cel' }, high: { value: -3, code: 'Cel' } },
      '-5 Cel - -3 Cel',
      null,
    ],
    [
      'valueRatio',
      { numerator: { comparator: '<', value: 1 }, denominator: { value: 8, unit: 'mL' } },
      '<1:8 mL',
      null,
    ],
  ])('tells a person all of a %s: %j', (name, value, text, unit) => {
    const { content, warnings } = accepted({ valueQuantity: undefined, [name]: value });
    expect(content.value).toMatchObject({ text, unit });
    expect(warnings).toEqual([]);
  });

  it.each([
    ['valueQuantity', { unit: '/min', code: '/min' }],
    ['valueCodeableConcept', { coding: [{ system: 'http://snomed.info/sct' }] }],
  ])('has no value where a %s says nothing, and warns', (name, value) => {
    const { content, warnings } = accepted({ valueQuantity: undefined, [name]: value });
    expect(content.value).toBeNull();
    expect(warnings).toMatchObject([{ place: `Observation.${name}` }]);
  });

  it.each([
    ['valueSampledData', { origin: { value: 2048 }, period: 10, dimensions: 1, data: '12' }],
    ['valueReference', { reference: 'MolecularSequence/1' }],
  ])('shows no number of a %s, which nobody could read, and warns', (name, value) => {
    const { content, warnings } = accepted({ valueQuantity: undefined, [name]: value });
    expect(content.value).toMatchObject({ text: '' });
    expect(content.resource).toContain(name);
    expect(warnings).toMatchObject([{ place: `Observation.${name}` }]);
  });
});
