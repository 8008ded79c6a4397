import type { MaterialiserOptions, Projection } from '@samspill/read-model';
import { Counter, Histogram, type Registry } from 'prom-client';

type Hooks = Required<Pick<MaterialiserOptions, 'onOutcome' | 'onChunk' | 'onCaughtUp'>>;

/** What a service's materialisers count; no label names a patient. */
export function materialiserTelemetry(registry: Registry): (projection: Projection) => Hooks {
  const registers = [registry];
  const records = new Counter({
    name: 'materialiser_records_total',
    help: 'Records of the log by what became of them.',
    labelNames: ['projection', 'outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'materialiser_chunk_duration_seconds',
    help: 'From the first record of a chunk to its commit.',
    labelNames: ['projection'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const caughtUp = new Counter({
    name: 'materialiser_caught_up_records_total',
    help: 'Records that were read again for patients who missed them, by what became of them.',
    labelNames: ['projection', 'outcome'],
    registers,
  });
  const opened = new Counter({
    name: 'materialiser_gates_opened_total',
    help: 'Gates that opened since their patient had caught up.',
    labelNames: ['projection'],
    registers,
  });
  return ({ name: projection }) => ({
    onOutcome: (outcome, count) => records.inc({ projection, outcome }, count),
    onChunk: ({ durationMs }) => durations.observe({ projection }, durationMs / 1000),
    onCaughtUp: (chunk) => {
      for (const [outcome, count] of chunk.counts) caughtUp.inc({ projection, outcome }, count);
      opened.inc({ projection }, chunk.opened);
    },
  });
}
