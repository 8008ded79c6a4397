import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareDecimals,
  plus,
  readDecimal,
  times,
  writeDecimal,
  type Decimal,
} from './decimal.ts';

const decimal = (text: string): Decimal => {
  const read = readDecimal(text);
  if (read === undefined) throw new Error(`${text} is no decimal`);
  return read;
};

describe('exact decimals', () => {
  it.each([
    ['85', '85'],
    ['85.0000000001', '85.0000000001'],
    ['-0.5', '-0.5'],
    ['37.0', '37'],
    ['1e2', '100'],
    ['12.5E-3', '0.0125'],
    ['0.000', '0'],
    ['-0', '0'],
  ])('%s is written as %s', (text, written) => {
    expect(writeDecimal(decimal(text), 0)).toBe(written);
  });

  it.each(['', 'x', '1.', '.5', '1,5', 'NaN', '0x10', '1e61', '1e-61', '1'.repeat(61), '1e9999'])(
    '%j is no decimal',
    (text) => {
      expect(readDecimal(text)).toBeUndefined();
    },
  );

  it('rounds what never ends, halves away from zero', () => {
    const third = { numerator: 1n, denominator: 3n };
    expect(writeDecimal(third, 2)).toBe('0.33');
    expect(writeDecimal(times(third, decimal('2')), 2)).toBe('0.67');
    expect(writeDecimal(times(third, decimal('-2')), 0)).toBe('-1');
    expect(writeDecimal({ numerator: -1n, denominator: 7n }, 0)).toBe('0');
  });

  it('adds and compares without the errors of floats', () => {
    expect(compareDecimals(plus(decimal('0.1'), decimal('0.2')), decimal('0.3'))).toBe(0);
    expect(compareDecimals(decimal('85.0000000000000000001'), decimal('85'))).toBe(1);
    expect(compareDecimals(decimal('-1'), decimal('1e-9'))).toBe(-1);
  });

  it('reads back every number that it writes', () => {
    const hundredths = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
    fc.assert(
      fc.property(hundredths, (numerator) => {
        const value = { numerator, denominator: 100n };
        expect(compareDecimals(decimal(writeDecimal(value, 0)), value)).toBe(0);
      }),
    );
  });
});
