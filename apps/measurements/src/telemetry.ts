import { Counter, type Registry } from 'prom-client';

export type EntryOutcome =
  'recorded' | 'changed' | 'held' | 'ignored' | 'invalid' | 'conflict' | 'erased' | 'unknown';

/** What the domain counts. Labels are few and fixed; none can hold a patient. */
export interface MeasurementTelemetry {
  /** What became of an entry. */
  entry(outcome: EntryOutcome): void;
  /** A Bundle or Observation that was refused whole. */
  bodyRefused(status: number): void;
}

export function measurementTelemetry(registry: Registry): MeasurementTelemetry {
  const entries = new Counter({
    name: 'measurements_entries_total',
    help: 'Entries that were sent in, by what became of them.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const bodies = new Counter({
    name: 'measurements_bodies_refused_total',
    help: 'Bundles and Observations that were refused whole, by HTTP status.',
    labelNames: ['status'],
    registers: [registry],
  });
  return {
    entry: (outcome) => entries.inc({ outcome }),
    bodyRefused: (status) => bodies.inc({ status: String(status) }),
  };
}
