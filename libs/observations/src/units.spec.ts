import { describe, expect, it } from 'vitest';
import { writeDecimal } from './decimal.ts';
import { normalise } from './units.ts';

describe('the common unit of a kind', () => {
  it.each([
    ['body-weight', '70500', 'g', '70.5 kg'],
    ['body-weight', '70.5', 'kg', '70.5 kg'],
    ['body-weight', '150', '[lb_av]', '68.0388555 kg'],
    ['glucose', '5.6', 'mmol/l', '5.6 mmol/L'],
    ['glucose', '90', 'mg/dL', '5.00 mmol/L'],
    ['body-temperature', '98.6', '[degF]', '37 Cel'],
    ['body-temperature', '100', '°F', '37.78 Cel'],
    ['body-temperature', '310.15', 'K', '37 Cel'],
    ['heart-rate', '85.0000000001', '{beats}/min', '85.0000000001 /min'],
    ['heart-rate', '85', 'slag/min', '85 /min'],
    ['blood-pressure', '16', 'kPa', '120.01 mm[Hg]'],
    ['oxygen-saturation', '97', '%', '97 %'],
    ['other', '181', 'cm', '181 cm'],
    ['other', '1.81', 'm', '181 cm'],
    ['other', '3', 'furlong', '3 furlong'],
    ['other', '90', 'mg/dL', '90 mg/dL'],
    ['news2', '7', '{score}', '7 '],
  ])('%s %s %s is %s', (kind, text, unit, expected) => {
    const normalised = normalise(kind, text, [unit]);
    expect(normalised && `${writeDecimal(normalised.value, 2)} ${normalised.unit}`).toBe(expected);
  });

  it.each([
    ['body-weight', 'g', 'kg'],
    ['body-temperature', 'Cel', '°F'],
    ['glucose', 'mmol/L', 'mg/dL'],
    ['blood-pressure', 'mm[Hg]', 'kPa'],
  ])('has nothing for a %s whose code is %s and whose text is %s', (kind, code, text) => {
    expect(normalise(kind, '70', [code, text])).toBeUndefined();
    expect(normalise(kind, '70', [code, code])).toBeDefined();
  });

  it('takes two spellings of one unit, and the text where the code says nothing', () => {
    expect(normalise('heart-rate', '85', ['/min', 'slag/min'])?.unit).toBe('/min');
    expect(normalise('body-temperature', '98.6', ['[degF]', '°F'])?.unit).toBe('Cel');
    expect(normalise('heart-rate', '85', ['258983007', '/min'])?.unit).toBe('/min');
    expect(normalise('heart-rate', '85', [null, null])?.unit).toBe('');
  });

  it('tells a converted number from one that was sent so', () => {
    expect(normalise('glucose', '5.6', ['mmol/l'])?.converted).toBe(false);
    expect(normalise('glucose', '90', ['mg/dL'])?.converted).toBe(true);
  });

  it('reads a unit of 200,000 braces to its end within the time of a test', () => {
    expect(normalise('other', '3', ['{'.repeat(200_000)])?.converted).toBe(false);
  });

  it('has nothing for a text that is no number', () => {
    expect(normalise('consciousness', 'Alert', [null])).toBeUndefined();
  });
});
