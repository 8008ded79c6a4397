import { Counter, type Registry } from 'prom-client';

const outcomes = [
  ...(['recorded', 'changed', 'held', 'ignored', 'invalid', 'conflict', 'erased'] as const),
  'unknown',
] as const;

export type EntryOutcome = (typeof outcomes)[number];

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
  // There from the start, so that the first of a kind is seen as a rise.
  for (const outcome of outcomes) entries.inc({ outcome }, 0);
  return {
    entry: (outcome) => entries.inc({ outcome }),
    bodyRefused: (status) => bodies.inc({ status: String(status) }),
  };
}
