import { errorCatalogue } from '@samspill/kernel';
import { serviceNames } from '@samspill/testing';
import { parseExpression, type Selector } from './expression.ts';
import type { KnownMetrics } from './known-metrics.ts';

/** An expression, and the labels that texts beside it show, as legends and summaries do. */
export interface AskedFor {
  readonly expression: string;
  readonly shown: readonly string[];
}

/** What is wrong with it: it would draw an empty panel, or an alert that never fires. */
export function faultsOf({ expression, shown }: AskedFor, known: KnownMetrics): string[] {
  const { unparsed, selectors, groupings, quantilesWithoutBounds } = parseExpression(expression);
  const has = (metric: string, label: string): boolean =>
    known.get(metric)?.labels.has(label) ?? false;
  const metrics = selectors.flatMap(({ metric }) => metric ?? []);
  return [
    ...unparsed.map((text) => `does not parse at '${text}'`),
    ...selectors.flatMap((selector) => faultsOfSelector(selector, known)),
    ...groupings.flatMap((grouping) =>
      grouping.labels
        .filter((label) => !grouping.metrics.some((metric) => has(metric, label)))
        .map((label) => `${grouping.metrics.join(', ')} has no label ${label}`),
    ),
    ...shown
      .filter((label) => !metrics.some((metric) => has(metric, label)))
      .map((label) => `shows ${label}, which ${metrics.join(', ')} does not have`),
    ...quantilesWithoutBounds.map((sum) => `a quantile is asked of ${sum}, which drops le`),
  ];
}

function faultsOfSelector(
  { metric, matchers, isRated }: Selector,
  known: KnownMetrics,
): readonly string[] {
  if (metric === undefined) return ['asks for no metric by name'];
  const found = known.get(metric);
  if (found === undefined) return [`nobody tells ${metric}`];
  return [
    ...(isRated === found.isCounter
      ? []
      : [isRated ? `${metric} is no counter` : `${metric} is a counter: ask for its rate`]),
    ...matchers.flatMap(({ label, value }) => [
      ...(found.labels.has(label) ? [] : [`${metric} has no label ${label}`]),
      ...unknownValues(label, value).map((one) => `${label} is never '${one}'`),
    ]),
  ];
}

const codes: ReadonlySet<string> = new Set(Object.keys(errorCatalogue));
const valuesOf: Readonly<Record<string, ReadonlySet<string>>> = {
  service: new Set(serviceNames),
  code: codes,
  error_type: codes,
};

/** Words of a value, or of a plain list of alternatives, that the label never has; of a pattern nothing is said. */
function unknownValues(label: string, value: string): string[] {
  const known = valuesOf[label];
  if (known === undefined || !/^[\w|-]+$/.test(value)) return [];
  return value.split('|').filter((word) => !known.has(word));
}
