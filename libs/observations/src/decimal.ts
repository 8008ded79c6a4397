/** An exact number: measurements are text with every decimal that was sent, and floats would lose some. */
export interface Decimal {
  readonly numerator: bigint;
  /** Above 0. */
  readonly denominator: bigint;
}

const form = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;
/** Beyond these a text is no measured number, and arithmetic on it would only cost time. */
const lengthMax = 60;
const exponentMax = 60;

/** Reads a JSON number's text; undefined when it is none. */
export function readDecimal(text: string): Decimal | undefined {
  const match = text.length > lengthMax ? null : form.exec(text.trim());
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match;
  const exponent = Number(exponentText) - fraction.length;
  if (Math.abs(exponent) > exponentMax) return undefined;
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`);
  return exponent >= 0
    ? { numerator: digits * 10n ** BigInt(exponent), denominator: 1n }
    : { numerator: digits, denominator: 10n ** BigInt(-exponent) };
}

export const plus = (a: Decimal, b: Decimal): Decimal => ({
  numerator: a.numerator * b.denominator + b.numerator * a.denominator,
  denominator: a.denominator * b.denominator,
});

export const times = (a: Decimal, b: Decimal): Decimal => ({
  numerator: a.numerator * b.numerator,
  denominator: a.denominator * b.denominator,
});

/** Below 0, 0 or above 0, as for sorting. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const [left, right] = [a.numerator * b.denominator, b.numerator * a.denominator];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** How many decimals the text of a number has. */
export const decimalsOf = (text: string): number => /\.(\d+)/.exec(text)?.[1]?.length ?? 0;

/** Plain notation with all decimals where they end, else rounded to `decimals` of them, halves away from zero. */
export function writeDecimal(value: Decimal, decimals: number): string {
  const places = placesOf(value) ?? decimals;
  const scaled = value.numerator * 10n ** BigInt(places);
  const size = scaled < 0n ? -scaled : scaled;
  const rounded = (2n * size + value.denominator) / (2n * value.denominator);
  const digits = rounded.toString().padStart(places + 1, '0');
  const at = digits.length - places;
  const sign = scaled < 0n && rounded > 0n ? '-' : '';
  return `${sign}${digits.slice(0, at)}${places > 0 ? `.${digits.slice(at)}` : ''}`;
}

/** The decimals of a number that ends; undefined for one that goes on for ever, as 1/3 does. */
function placesOf({ numerator, denominator }: Decimal): number | undefined {
  let rest = denominator / commonDivisor(numerator < 0n ? -numerator : numerator, denominator);
  let [twos, fives] = [0, 0];
  for (; rest % 2n === 0n; rest /= 2n) twos += 1;
  for (; rest % 5n === 0n; rest /= 5n) fives += 1;
  return rest === 1n ? Math.max(twos, fives) : undefined;
}

function commonDivisor(a: bigint, b: bigint): bigint {
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}
