import type { Value } from '@samspill/contracts';
import { decimalsOf, normalise, unitsOf, writeDecimal } from '@samspill/observations';
import {
  componentName,
  isPreliminary,
  measuredAtOf,
  nameOf,
  sentValueOf,
  sourceOf,
  type KnownMeasurement,
} from './measurement-view.ts';
import type { Trend, TrendPoint } from './overview.ts';

/** One reading of a series: a measurement's own value or that of one of its components. */
interface Reading {
  readonly of: KnownMeasurement;
  readonly component: string | null;
  readonly value: Value | null;
  readonly missing: string | null;
}

/**
 * The trends of one series, which comes with the latest first: one of its values, or one a component. The parts of a
 * score have no trend of their own.
 */
export function trendsOf(
  series: readonly KnownMeasurement[],
  pointsMax: number,
  now: Date,
): Trend[] {
  const shown = series.slice(0, pointsMax);
  const components = new Set(shown.flatMap(componentsOf));
  const readings = shown.flatMap((measurement) => readingsOf(measurement, components));
  const byComponent = Map.groupBy(readings, ({ component }) => component);
  return [...byComponent].map(([component, ofOne]) =>
    trendOf(component, ofOne, series.length > pointsMax, now),
  );
}

/** Names of the components that are readings of their own. */
const componentsOf = ({ kind, content: { value, components } }: KnownMeasurement): string[] =>
  value !== null || kind === 'news2' ? [] : components.map(componentName);

function readingsOf(of: KnownMeasurement, known: ReadonlySet<string>): Reading[] {
  const { value, dataAbsentReason: missing, components } = of.content;
  if (componentsOf(of).length > 0) {
    return components.map((component) => ({
      of,
      component: componentName(component),
      value: component.value,
      missing: component.dataAbsentReason,
    }));
  }
  // One that is missing as a whole is missing in the trend of each component.
  if (value === null && known.size > 0) {
    return [...known].map((component) => ({ of, component, value, missing }));
  }
  return [{ of, component: null, value, missing }];
}

function trendOf(
  component: string | null,
  readings: readonly Reading[],
  cut: boolean,
  now: Date,
): Trend {
  const normalised = readings.map(({ of, value }) =>
    value === null ? undefined : normalise(of.kind, value.text, unitsOf(value)),
  );
  const unit = mostFrequent(normalised.flatMap((it) => it?.unit ?? [])) ?? '';
  const points = readings.map(({ of, value, missing }, at): TrendPoint => {
    const it = normalised[at];
    return {
      measured: measuredAtOf(of, now),
      source: sourceOf(of),
      value: sentValueOf(of.kind, value),
      missing,
      normalised:
        value === null || value.comparator !== null || it?.unit !== unit
          ? null
          : it.converted
            ? writeDecimal(it.value, decimalsOf(value.text) + 1)
            : value.text,
      preliminary: isPreliminary(of),
    };
  });
  const latest = readings[0]?.of;
  return {
    kind: latest?.kind ?? 'other',
    name: latest === undefined ? '' : nameOf(latest.content, latest.kind),
    component,
    unit,
    points: points.reverse(),
    cut,
  };
}

/** The first of those that occur most often: a number in another unit stays as it was sent. */
function mostFrequent(units: readonly string[]): string | undefined {
  const byUnit = [...Map.groupBy(units, (unit) => unit).values()];
  return byUnit.sort((a, b) => b.length - a.length)[0]?.[0];
}
