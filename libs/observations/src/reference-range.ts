import type { Component, MeasurementContent, ReferenceRange, Value } from '@samspill/contracts';
import { compareDecimals } from './decimal.ts';
import { normalise, type Normalised } from './units.ts';

/** Where a value lies by the range that was sent with it, and by nothing else. */
export type RangeVerdict = 'low' | 'high' | 'inside' | 'unknown';

type Ranged = Pick<Component, 'value' | 'referenceRanges'>;

/** A measurement's own value, or else the worst of its components: one outside is enough, all inside are needed. */
export function judgeMeasurement(
  kind: string,
  { components, ...own }: Pick<MeasurementContent, 'value' | 'referenceRanges' | 'components'>,
): RangeVerdict {
  const verdict = judgeRange(kind, own);
  if (verdict !== 'unknown' || components.length === 0 || own.value !== null) return verdict;
  const verdicts = components.map((component) => judgeRange(kind, component));
  const isInside = isWhole(kind, components) && verdicts.every((it) => it === 'inside');
  return verdicts.find((it) => it === 'low' || it === 'high') ?? (isInside ? 'inside' : 'unknown');
}

/** A blood pressure has two parts: one by itself says nothing of the other. */
const isWhole = (kind: string, components: readonly unknown[]): boolean =>
  kind !== 'blood-pressure' || components.length > 1;

/** Several ranges are for several cases, which we do not know apart: they decide only where they agree. */
export function judgeRange(kind: string, { value, referenceRanges }: Ranged): RangeVerdict {
  if (value === null) return 'unknown';
  const inNumbers = referenceRanges.filter(({ low, high }) => low !== null || high !== null);
  const verdicts = new Set(inNumbers.map((range) => judgeOne(kind, value, range)));
  const [verdict = 'unknown'] = verdicts;
  return verdicts.size === 1 ? verdict : 'unknown';
}

function judgeOne(kind: string, value: Value, range: ReferenceRange): RangeVerdict {
  const sent = normalise(kind, value.text, unitsOf(value));
  if (sent === undefined) return 'unknown';
  const bound = (text: string | null) => comparableBound(kind, value, sent, text, range.unit);
  const [low, high] = [bound(range.low), bound(range.high)];
  if (low === 'incomparable' || high === 'incomparable') return 'unknown';
  const toLow = low && compareDecimals(sent.value, low.value);
  const toHigh = high && compareDecimals(sent.value, high.value);
  switch (value.comparator) {
    case null:
      if (toLow !== undefined && toLow < 0) return 'low';
      return toHigh !== undefined && toHigh > 0 ? 'high' : 'inside';
    // Less than a bound that is itself at or below the low one is low; otherwise it may lie anywhere below.
    case '<':
      return toLow !== undefined && toLow <= 0 ? 'low' : 'unknown';
    case '<=':
      return toLow !== undefined && toLow < 0 ? 'low' : 'unknown';
    case '>':
      return toHigh !== undefined && toHigh >= 0 ? 'high' : 'unknown';
    case '>=':
      return toHigh !== undefined && toHigh > 0 ? 'high' : 'unknown';
    default:
      return 'unknown';
  }
}

/** A bound in the unit of the value; undefined when there is none. A range without a unit is in that of its value. */
function comparableBound(
  kind: string,
  value: Value,
  sent: Normalised,
  text: string | null,
  unit: string | null,
): Normalised | 'incomparable' | undefined {
  if (text === null) return undefined;
  const isInUnitOfValue = unit === null || unit === value.unit || unit === value.unitCode;
  const bound = normalise(kind, text, isInUnitOfValue ? unitsOf(value) : [unit]);
  return bound?.unit === sent.unit ? bound : 'incomparable';
}

/** What was sent for the unit, the code before the text. */
export const unitsOf = ({ unitCode, unit }: Value): readonly (string | null)[] => [unitCode, unit];
