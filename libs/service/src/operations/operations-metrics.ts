import { Gauge, type Registry } from 'prom-client';
import { oneAtATime } from '../one-at-a-time.ts';
import type { LagWatch } from './lag-watch.ts';
import { observe, type Observation } from './observation.ts';
import type { Operations } from './operations.ts';

const nothing: Observation = { standings: [], gates: [], stops: [] };

/**
 * How the read models stand, asked of the database when the metrics are read; while the database is away there are no
 * samples. No label names a patient.
 */
export function observeReadModels(
  registry: Registry,
  operations: Pick<Operations, 'pool' | 'schema'>,
  watch: LagWatch,
): void {
  // The gauges of one scrape ask at once.
  const look = oneAtATime(() => observe(operations, watch).catch(() => nothing));

  const gauge = <Label extends string>(
    { name, help, labels }: { name: string; help: string; labels: readonly Label[] },
    fill: (gauge: Gauge<'projection' | 'version' | Label>, seen: Observation) => void,
  ) =>
    new Gauge({
      name,
      help,
      labelNames: ['projection', 'version', ...labels],
      registers: [registry],
      async collect() {
        const seen = await look();
        this.reset();
        fill(this, seen);
      },
    });

  gauge(
    {
      name: 'materialiser_lag_records',
      help: 'Records between the checkpoint and the end of the log; NaN while the log does not answer.',
      labels: ['topic', 'partition'],
    },
    (of, { standings }) => {
      for (const { projection, version, topic, partition, records } of standings) {
        of.set({ projection, version, topic, partition }, records ?? NaN);
      }
    },
  );
  gauge(
    {
      name: 'materialiser_behind_seconds',
      help: 'Age of the first record that is not applied, at most; NaN while it is not known.',
      labels: ['topic', 'partition'],
    },
    (of, { standings }) => {
      for (const { projection, version, topic, partition, behindSeconds } of standings) {
        of.set({ projection, version, topic, partition }, behindSeconds ?? NaN);
      }
    },
  );
  gauge(
    {
      name: 'materialiser_partitions_held',
      help: 'Partitions that do not move, by the error code that holds them.',
      labels: ['code'],
    },
    (of, { standings }) => {
      for (const { projection, version, heldFor: code } of standings) {
        if (code !== null) of.inc({ projection, version, code });
      }
    },
  );
  gauge(
    {
      name: 'materialiser_parking_stops',
      help: 'Partitions in which nobody more is parked with this code, since too many were.',
      labels: ['code'],
    },
    (of, { stops }) => {
      for (const { projection, version, code } of stops) of.inc({ projection, version, code });
    },
  );
  gauge(
    {
      name: 'materialiser_gates',
      help: 'Patients with a gate, by its state; those who are catching up wait for a backfill.',
      labels: ['state'],
    },
    (of, { gates }) => {
      for (const { projection, version, state, patients } of gates) {
        of.set({ projection, version, state }, patients);
      }
    },
  );
}
