import type { Component, ReferenceRange, Value } from '@samspill/contracts';
import { describe, expect, it } from 'vitest';
import { judgeMeasurement, judgeRange } from './reference-range.ts';

const quantity = (text: string, changes: Partial<Value> = {}): Value => ({
  type: 'Quantity',
  text,
  comparator: null,
  unit: 'slag/min',
  unitSystem: 'http://unitsofmeasure.org',
  unitCode: '/min',
  codes: [],
  ...changes,
});
const range = (
  low: string | null,
  high: string | null,
  unit: string | null = null,
): ReferenceRange => ({ low, high, unit, text: null });
const pulse = (value: Value | null, ...referenceRanges: ReferenceRange[]) =>
  judgeRange('heart-rate', { value, referenceRanges });

describe('out of range, by the range that was sent', () => {
  it.each([
    ['49.9999999999', 'low'],
    ['50', 'inside'],
    ['50.0', 'inside'],
    ['100', 'inside'],
    ['100.0000000000000001', 'high'],
    ['1e2', 'inside'],
    ['fast', 'unknown'],
    ['', 'unknown'],
  ])('%s in 50 to 100 is %s', (text, verdict) => {
    expect(pulse(quantity(text), range('50', '100'))).toBe(verdict);
  });

  it('is unknown without a range, without a value, and with a range in words alone', () => {
    expect(pulse(quantity('300'))).toBe('unknown');
    expect(pulse(null, range('50', '100'))).toBe('unknown');
    expect(pulse(quantity('300'), { ...range(null, null), text: 'normal' })).toBe('unknown');
    expect(pulse(quantity('300'), range('abc', null))).toBe('unknown');
  });

  it('goes by one bound where one was sent', () => {
    expect(pulse(quantity('49'), range('50', null))).toBe('low');
    expect(pulse(quantity('500'), range('50', null))).toBe('inside');
    expect(pulse(quantity('101'), range(null, '100'))).toBe('high');
  });

  it.each([
    [null, 'high'],
    ['slag/min', 'high'],
    ['/min', 'high'],
    ['bpm', 'high'],
    ['mmol/L', 'unknown'],
  ])('compares with a range in unit %s: %s', (unit, verdict) => {
    expect(pulse(quantity('120'), range('50', '100', unit))).toBe(verdict);
  });

  it('compares across units that measure the same', () => {
    const grams = quantity('49000', { unit: 'g', unitCode: 'g' });
    const verdict = judgeRange('body-weight', {
      value: grams,
      referenceRanges: [range('50', '90', 'kg')],
    });
    expect(verdict).toBe('low');
  });

  it('is unknown where code and text of a unit are two units', () => {
    const odd = quantity('70500', { unit: 'kg', unitCode: 'g' });
    const referenceRanges = [range('60', '80', 'kg')];
    expect(judgeRange('body-weight', { value: odd, referenceRanges })).toBe('unknown');
  });

  it('does not compare a value without a unit with a range that has one', () => {
    const bare = quantity('120', { unit: null, unitCode: null });
    expect(pulse(bare, range('50', '100', '/min'))).toBe('unknown');
    expect(pulse(bare, range('50', '100'))).toBe('high');
  });

  it.each([
    ['<', '50', 'low'],
    ['<', '60', 'unknown'],
    ['<=', '50', 'unknown'],
    ['<=', '49', 'low'],
    ['>', '100', 'high'],
    ['>', '99', 'unknown'],
    ['>=', '100', 'unknown'],
    ['>=', '101', 'high'],
    ['ad', '500', 'unknown'],
  ])('%s %s in 50 to 100 is %s', (comparator, text, verdict) => {
    expect(pulse(quantity(text, { comparator }), range('50', '100'))).toBe(verdict);
  });

  it('decides by several ranges only where they agree', () => {
    expect(pulse(quantity('120'), range('50', '100'), range('60', '110'))).toBe('high');
    expect(pulse(quantity('105'), range('50', '100'), range('60', '110'))).toBe('unknown');
  });

  it('passes over a range in words beside one in numbers', () => {
    const words = { ...range(null, null), text: 'normal for adults' };
    expect(pulse(quantity('120'), words, range('50', '100'))).toBe('high');
  });

  it('calls a measurement out of range for one of its components, and inside for all of them', () => {
    const component = (text: string, ...referenceRanges: ReferenceRange[]): Component => ({
      codes: [],
      codeText: null,
      value: quantity(text),
      dataAbsentReason: null,
      interpretation: [],
      referenceRanges,
    });
    const judge = (...components: Component[]) =>
      judgeMeasurement('blood-pressure', { value: null, referenceRanges: [], components });
    const normal = range('90', '140');
    expect(judge(component('120', normal), component('150', normal))).toBe('high');
    expect(judge(component('120'), component('150', normal))).toBe('high');
    expect(judge(component('120', normal), component('130', normal))).toBe('inside');
    expect(judge(component('120', normal), component('130'))).toBe('unknown');
    expect(judge(component('120', normal))).toBe('unknown');
    expect(judge(component('150', normal))).toBe('high');
    expect(judge()).toBe('unknown');
  });
});
