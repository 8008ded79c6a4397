import { describe, expect, it } from 'vitest';
import { faultsOf } from './expression-faults.ts';
import { knownMetrics } from './known-metrics.ts';

const help = '';
const known = knownMetrics([
  { type: 'gauge', name: 'lag', labels: ['topic', 'service'], help },
  { type: 'gauge', name: 'held', labels: ['code', 'service'], help },
  { type: 'counter', name: 'sent_total', labels: ['error_type', 'service'], help },
  { type: 'histogram', name: 'took_seconds', labels: ['route', 'service'], help },
]);
const faults = (expression: string, ...shown: string[]) => faultsOf({ expression, shown }, known);

describe('an expression', () => {
  it.each([
    ['max by (topic, instance) (lag{service=~"$service"}) > 10'],
    ['sum by (error_type) (rate(sent_total{error_type!=""}[$__rate_interval]))'],
    ['histogram_quantile(0.99, sum by (le, route) (rate(took_seconds_bucket[5m])))'],
    ['lag unless on (service, instance) held{code="DATABASE_UNAVAILABLE"}'],
    ['rate(took_seconds_sum[5m]) / rate(took_seconds_count[5m])'],
    ['held{code=~"KEY_VAULT_UNAVAILABLE|DATABASE_UNAVAILABLE"}'],
  ])('that asks for what is there is right: %s', (expression) => {
    expect(faults(expression, 'service')).toEqual([]);
  });

  it.each([
    ['a metric that nobody tells', 'lagg > 1', 'nobody tells lagg'],
    ['a label that the metric lacks', 'lag{error="x"}', 'lag has no label error'],
    ['one in quotes', 'lag{"topik"="x"}', 'lag has no label topik'],
    ['another one in a pattern', 'lag{topik=~".*"}', 'lag has no label topik'],
    ['a sum by no label', 'sum by (topik) (lag)', 'lag has no label topik'],
    ['a sum without no label', 'sum without (topik) (lag)', 'lag has no label topik'],
    ['a join by no label', 'lag and on (topik) held', 'lag, held has no label topik'],
    ['a bucket without its bound', 'took_seconds', 'nobody tells took_seconds'],
    ['no metric', '{service="measurements"}', 'asks for no metric by name'],
    ['the rate of what is no counter', 'rate(lag[5m])', 'lag is no counter'],
    ['a counter as it stands', 'sent_total > 5', 'sent_total is a counter: ask for its rate'],
    ['a code that is not there', 'held{code="VAULT_GONE"}', "code is never 'VAULT_GONE'"],
    ['no such service', 'lag{service="ward"}', "service is never 'ward'"],
    [
      'a quantile of a sum that drops the bounds',
      'histogram_quantile(0.9, sum by (route) (rate(took_seconds_bucket[5m])))',
      'a quantile is asked of by (route), which drops le',
    ],
  ])('that asks for %s is refused', (_, expression, fault) => {
    expect(faults(expression)).toEqual([fault]);
  });

  it.each(['lag >', 'sum by topic (lag)', 'rate(sent_total[5m)', 'lag{topic=x}', ''])(
    'that is no PromQL is refused: %s',
    (expression) => {
      expect(faults(expression).join()).toContain('does not parse');
    },
  );

  it('beside which a label is shown that it does not have is refused', () => {
    expect(faults('lag', 'topic', 'route')).toEqual(['shows route, which lag does not have']);
  });
});
