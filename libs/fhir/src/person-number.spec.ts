import { idnr } from '@navikt/fnrvalidator';
import { describe, expect, it } from 'vitest';
import { isValidPersonNumber, readPersonNumber } from './person-number.ts';

// The vectors of specs/identifiers.md section 3; all synthetic or published by their owners.
const valid: [string, string, boolean][] = [
  ['15838510075', 'birth-number', true],
  ['15838510083', 'birth-number', true],
  ['15838510091', 'birth-number', true],
  ['15838510180', 'birth-number', true],
  ['15688510039', 'birth-number', true],
  ['55838510069', 'd-number', true],
  ['55688510022', 'd-number', true],
  ['15438510092', 'local-help-number', false],
  ['55438510086', 'local-help-number', false],
  ['29820050043', 'birth-number', true],
  ['81212121223', 'common-help-number', false],
  ['94545456561', 'common-help-number', false],
  ['13717404089', 'birth-number', true],
  ['05898597468', 'birth-number', true],
];

describe('person numbers', () => {
  it.each(valid)('takes %s as a %s', (digits, kind, synthetic) => {
    expect(readPersonNumber(digits)).toEqual({
      kind,
      synthetic,
      checkDigitsHold: true,
      dateExists: true,
    });
  });

  it.each([
    ['15838510008', 'remainder 4 in the first check digit'],
    ['15838510076', 'second check digit'],
    ['71212121229', 'not a help number, so its date counts'],
    ['05076600324', 'check digits'],
  ])('refuses %s (%s)', (digits) => expect(isValidPersonNumber(digits)).toBe(false));

  it.each(['29820150064', '31828510080'])('sees that the date in %s does not exist', (digits) =>
    expect(readPersonNumber(digits)).toMatchObject({ checkDigitsHold: true, dateExists: false }),
  );

  it.each(['1583851007', '158385100755', 'xxxxxx34794', ''])('reads nothing from "%s"', (text) =>
    expect(readPersonNumber(text)).toBeUndefined(),
  );

  it('does not apply the 2032 rule to help numbers', () => {
    // The first check digit two above the classic one: remainder 2, which the library takes for any kind.
    const raised = [...Array(10).keys()].map((k2) => `1543851000${k2}`);
    expect(raised.some((digits) => idnr(digits).status === 'valid')).toBe(true);
    expect(raised.filter(isValidPersonNumber)).toEqual([]);
  });
});
