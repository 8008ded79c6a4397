import { describe, expect, it } from 'vitest';
import { isValidOrganisationNumber, organisationDigits } from './organisation-number.ts';

describe('organisation numbers', () => {
  it.each([
    '994598759',
    '981275721',
    '873255102',
    '993467049',
    '874716782',
    '997506499',
    '100100673',
    '213710192',
    '310000019',
    '994 598 759',
  ])('takes %s', (number) => expect(isValidOrganisationNumber(number)).toBe(true));

  it.each([
    '123456789',
    '921592761',
    '314159265',
    '888134574',
    '310000018',
    'NO310000019',
    '310000019MVA',
    '31000001',
    '',
  ])('refuses %s', (number) => expect(isValidOrganisationNumber(number)).toBe(false));

  it('has no control digit for the base 31000006', () => {
    const all = [...Array(10).keys()].map((digit) => `31000006${digit}`);
    expect(all.filter(isValidOrganisationNumber)).toEqual([]);
  });

  it('drops spaces inside', () => expect(organisationDigits('310 000 019')).toBe('310000019'));
});
