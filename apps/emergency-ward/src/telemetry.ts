import type { MaterialiserOptions } from '@samspill/read-model';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Freshness } from './overview.ts';

/** What the ward tells of itself beyond requests; no label names a patient. */
export function wardTelemetry(
  registry: Registry,
  freshness: () => Freshness,
): Required<Pick<MaterialiserOptions, 'onOutcome' | 'onChunk'>> {
  const registers = [registry];
  const records = new Counter({
    name: 'materialiser_records_total',
    help: 'Records of the log by what became of them.',
    labelNames: ['outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'materialiser_chunk_duration_seconds',
    help: 'From the first record of a chunk to its commit.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  new Gauge({
    name: 'materialiser_lag_records',
    help: 'Records between the checkpoint and the end of the log; NaN while it is unknown.',
    registers,
    collect() {
      this.set(freshness().lagRecords ?? NaN);
    },
  });
  return {
    onOutcome: (outcome, count) => records.inc({ outcome }, count),
    onChunk: ({ durationMs }) => durations.observe(durationMs / 1000),
  };
}
