import { compareDecimals, plus, readDecimal, times, type Decimal } from './decimal.ts';

/** A unit's way to the one that trends and comparisons use: `value * factor + offset`. */
interface Conversion {
  readonly to: string;
  readonly factor: Decimal;
  readonly offset: Decimal;
}

const exactly = (text: string): Decimal => {
  const decimal = readDecimal(text);
  if (decimal === undefined) throw new TypeError(`${text} is no decimal`);
  return decimal;
};
const one = exactly('1');
const zero = exactly('0');
const ratio = (numerator: bigint, denominator: bigint): Decimal => ({ numerator, denominator });

const sameAs = (to: string, ...spellings: string[]): [string, Conversion][] =>
  [to, ...spellings].map((unit) => [unit, { to, factor: one, offset: zero }]);
const scaled = (to: string, factor: Decimal, ...units: string[]): [string, Conversion][] =>
  units.map((unit) => [unit, { to, factor, offset: zero }]);

/** UCUM codes, and spellings that are sent in their place. Case counts: `mg` is a milligram, `Mg` a ton. */
const conversions = new Map<string, Conversion>([
  ...sameAs(
    '/min',
    '1/min',
    'min-1',
    'bpm',
    'beats/min',
    'beats/minute',
    'breaths/min',
    'slag/min',
  ),
  ...sameAs('/min', 'slag/minutt', 'pust/min', 'per min', 'per minute'),
  ...sameAs('mm[Hg]', 'mmHg', 'mm Hg', 'mm hg', 'mmhg'),
  // UCUM defines m[Hg] as 133.322 kPa.
  ...scaled('mm[Hg]', ratio(1_000_000n, 133_322n), 'kPa'),
  ...sameAs('%', 'percent', 'prosent'),
  ...sameAs('mmol/L', 'mmol/l'),
  ...sameAs('Cel', '°C', '℃', 'C', 'degC', 'celsius', 'Celsius', 'grader Celsius'),
  ...['[degF]', '°F', '℉', 'degF'].map((unit): [string, Conversion] => [
    unit,
    { to: 'Cel', factor: ratio(5n, 9n), offset: ratio(-160n, 9n) },
  ]),
  ['K', { to: 'Cel', factor: one, offset: exactly('-273.15') }],
  ...sameAs('kg', 'Kg', 'kilo', 'kilogram'),
  ...scaled('kg', exactly('0.001'), 'g', 'gram'),
  ...scaled('kg', exactly('0.45359237'), '[lb_av]', 'lb', 'lbs'),
  ...sameAs('cm'),
  ...scaled('cm', exactly('100'), 'm'),
  ...scaled('cm', exactly('0.1'), 'mm'),
]);

/** Conversions that need to know the substance: a mole of glucose is 180.156 g. */
const ofGlucose = new Map<string, Conversion>(
  scaled('mmol/L', ratio(10_000n, 180_156n), 'mg/dL', 'mg/dl'),
);

/** A number in the unit that its kind is compared in. */
export interface Normalised {
  readonly value: Decimal;
  /** UCUM code; a unit that we do not know, as sent; empty for none. */
  readonly unit: string;
  /** True when the number is another one than was sent. */
  readonly converted: boolean;
}

/**
 * Brings a number into the common unit of its kind. `units`: what was sent for the unit, the more exact one first
 * (code, then text). Undefined when the text is no number, or when code and text are two units.
 */
export function normalise(
  kind: string,
  text: string,
  units: readonly (string | null)[],
): Normalised | undefined {
  const value = readDecimal(text);
  if (value === undefined || areAtOdds(kind, units)) return undefined;
  const [conversion] = conversionsOf(kind, units);
  if (conversion === undefined) return { value, unit: spelt(units)[0] ?? '', converted: false };
  const { to, factor, offset } = conversion;
  const converted = factor !== one || offset !== zero;
  return { value: converted ? plus(times(value, factor), offset) : value, unit: to, converted };
}

/** True for spellings of a unit that name two units, as the text `kg` beside the code `g`: nobody knows which was meant. */
export function areAtOdds(kind: string, units: readonly (string | null)[]): boolean {
  const [first, ...others] = conversionsOf(kind, units);
  return (
    first !== undefined &&
    others.some(
      ({ to, factor, offset }) =>
        to !== first.to ||
        compareDecimals(factor, first.factor) !== 0 ||
        compareDecimals(offset, first.offset) !== 0,
    )
  );
}

const conversionsOf = (kind: string, units: readonly (string | null)[]): Conversion[] =>
  spelt(units).flatMap(
    (unit) => (kind === 'glucose' ? ofGlucose.get(unit) : undefined) ?? conversions.get(unit) ?? [],
  );

const spelt = (units: readonly (string | null)[]): string[] =>
  units.map(withoutAnnotation).filter((unit) => unit !== '');

/** UCUM, section 2.1.3: what stands in braces does not change a unit. */
const withoutAnnotation = (unit: string | null): string =>
  (unit ?? '').replaceAll(/\{[^{}]*\}/g, '').trim();
