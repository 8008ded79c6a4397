import { join } from 'node:path';
import type { Registry } from 'prom-client';

/** A metric that a service tells, whether it has samples at present or not. */
export interface ListedMetric {
  readonly type: string;
  readonly name: string;
  readonly labels: readonly string[];
  readonly help: string;
}

/** There by the operating system, not by us. */
const linuxAlone = /^process_(open_fds|max_fds|virtual_memory_bytes|heap_bytes)$/;

/** Where the list of a service stands; dashboards and alerts are held against it. */
export const metricListFile = (service: string): string =>
  join(import.meta.dirname, '../../../infra/dashboards/metrics', `${service}.txt`);

/** All metrics of a service, one a line, with every label that they may have. */
export const metricListOf = (registry: Registry): string => {
  // prom-client keeps type and label names with each metric, and declares neither.
  const metrics = registry.getMetricsAsArray() as unknown as (ListedMetric & {
    readonly labelNames: readonly string[];
  })[];
  return metrics
    .filter(({ name }) => !linuxAlone.test(name))
    .map(
      ({ type, name, labelNames, help }) =>
        `${type} ${name}{${[...labelNames, 'service'].join(', ')}}: ${help}\n`,
    )
    .sort()
    .join('');
};

export const parseMetricList = (text: string): ListedMetric[] =>
  [...text.matchAll(/^(\w+) ([\w:]+)\{(.*?)\}: (.*)$/gm)].map(
    ([, type = '', name = '', labels = '', help = '']) => ({
      type,
      name,
      labels: labels.split(', '),
      help,
    }),
  );
