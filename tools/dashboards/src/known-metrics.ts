import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMetricList, type ListedMetric } from '@samspill/testing';

/** What may be asked of one name: `rate` of counters alone, and these labels. */
export interface KnownMetric {
  readonly isCounter: boolean;
  readonly labels: ReadonlySet<string>;
}

export type KnownMetrics = ReadonlyMap<string, KnownMetric>;

/** Prometheus puts them on every sample. */
const ofTarget = ['job', 'instance'];

/** What Prometheus makes itself. */
const ofPrometheus: readonly ListedMetric[] = [
  { type: 'gauge', name: 'up', labels: [], help: '' },
  { type: 'gauge', name: 'ALERTS', labels: ['alertname', 'alertstate', 'severity'], help: '' },
];

/** All that any service tells, by the lists that its own tests keep true. */
export function readKnownMetrics(folder: string): KnownMetrics {
  const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  return knownMetrics([...texts.flatMap(parseMetricList), ...ofPrometheus]);
}

/** By each name under which it can be asked for: a histogram has three. */
export function knownMetrics(listed: readonly ListedMetric[]): KnownMetrics {
  return new Map(
    listed.flatMap(({ type, name, labels }): [string, KnownMetric][] => {
      const of = (isCounter: boolean, ...more: string[]): KnownMetric => ({
        isCounter,
        labels: new Set([...labels, ...ofTarget, ...more]),
      });
      if (type !== 'histogram') return [[name, of(type === 'counter')]];
      return [
        [`${name}_bucket`, of(true, 'le')],
        [`${name}_sum`, of(true)],
        [`${name}_count`, of(true)],
      ];
    }),
  );
}
