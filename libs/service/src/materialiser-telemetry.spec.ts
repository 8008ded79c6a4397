import { keyVault, measurements } from '@samspill/contracts';
import { projection, type OutcomeKind } from '@samspill/read-model';
import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { materialiserTelemetry } from './materialiser-telemetry.ts';
import { publishMetrics } from './messaging-metrics.ts';

const kept = { product: measurements, tables: [], on: {} } as const;
const sealed = projection({ ...kept, name: 'readings', opens: true });
const ledger = projection({ ...kept, name: 'ledger', opens: false });

let registry: Registry;
beforeEach(() => (registry = new Registry()));

const written = (topic: string, counts: Partial<Record<OutcomeKind, number>>) => ({
  ...{ topic, group: 'ward.readings', durationMs: 20 },
  records: Object.values(counts).reduce((sum, count) => sum + count, 0),
  counts: new Map(Object.entries(counts)) as Map<OutcomeKind, number>,
});

/** Samples of a metric by the one label that is asked for. */
async function samples(name: string, label: string): Promise<Record<string, number>> {
  const found = (await registry.getMetricsAsJSON()).find((metric) => metric.name === name);
  return Object.fromEntries(
    (found?.values ?? []).map(({ labels, value }) => [String(labels[label]), value]),
  );
}

describe('the telemetry of a materialiser', () => {
  it('tells the four outcomes of opening apart, from the start', async () => {
    const hooks = materialiserTelemetry(registry)(sealed);
    const openings = () => samples('materialiser_openings_total', 'outcome');
    expect(await openings()).toEqual({ opened: 0, withheld: 0, shredded: 0, unavailable: 0 });
    const counts = { applied: 5, withheld: 2, shredded: 1, rejected: 3, ignored: 4, parked: 6 };
    hooks.onChunk(written(measurements.topic, counts));
    hooks.onOutcome('held', 50, 'KEY_VAULT_UNAVAILABLE');
    hooks.onOutcome('held', 70, 'DATABASE_UNAVAILABLE');
    hooks.onCaughtUp({ counts: new Map([['applied', 100]]), opened: 1 });
    expect(await openings()).toEqual({ opened: 105, withheld: 2, shredded: 1, unavailable: 50 });
  });

  it('counts no opening where nothing is sealed: a ledger, and the patient state', async () => {
    const hooksOf = materialiserTelemetry(registry);
    hooksOf(ledger).onChunk(written(measurements.topic, { applied: 5 }));
    hooksOf(sealed).onChunk(written(keyVault.topic, { applied: 5 }));
    expect(await samples('materialiser_openings_total', 'outcome')).toMatchObject({ opened: 0 });
  });

  it('counts records and chunks by topic', async () => {
    const hooks = materialiserTelemetry(registry)(sealed);
    hooks.onChunk(written(measurements.topic, { applied: 5, ignored: 1 }));
    hooks.onChunk(written(keyVault.topic, { applied: 2 }));
    hooks.onChunk(written(measurements.topic, { applied: 1 }));
    const topic = 'messaging_destination_name';
    expect(await samples('messaging_client_consumed_messages_total', topic)).toEqual({
      [measurements.topic]: 7,
      [keyVault.topic]: 2,
    });
    expect(await registry.metrics()).toContain(
      `messaging_process_duration_seconds_count{messaging_system="kafka",messaging_operation_name="process",messaging_destination_name="${measurements.topic}",messaging_consumer_group_name="ward.readings"} 2`,
    );
  });
});

it('a call of publish is counted once, its events too, by the error if there is one', async () => {
  const published = publishMetrics(registry);
  published({ topic: measurements.topic, events: 40, durationMs: 7 });
  const error = 'EVENT_LOG_OVERLOADED';
  published({ topic: measurements.topic, events: 3, durationMs: 1, error });
  const sent = await samples('messaging_client_sent_messages_total', 'error_type');
  expect(sent).toEqual({
    ...{ undefined: 40, EVENT_LOG_OVERLOADED: 3 },
    // Known before they happen.
    ...{ PUBLISH_OUTCOME_UNKNOWN: 0, EVENT_LOG_UNAVAILABLE: 0 },
  });
  const page = await registry.metrics();
  expect(page).toMatch(/_duration_seconds_bucket\{le="0.01",[^}]*v1"\} 1\n/);
  expect(page).toMatch(/_duration_seconds_count\{[^}]*error_type="EVENT_LOG_OVERLOADED"\} 1\n/);
});
