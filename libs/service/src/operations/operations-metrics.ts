import { countGates, listParkingStops } from '@samspill/read-model';
import type { Registry } from 'prom-client';
import { askedGauges } from '../asked-gauges.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { sparingly } from '../sparingly.ts';
import type { LagWatch } from './lag-watch.ts';
import { observeLag } from './lag-metrics.ts';
import type { Operations } from './operations.ts';

const ofVersion = ['projection', 'version'] as const;

/**
 * How the read models stand, asked of database and log when the metrics are read; while the database is away there are
 * no samples. No label names a patient.
 */
export function observeReadModels(
  registry: Registry,
  operations: Pick<Operations, 'pool' | 'schema' | 'service'>,
  watch: Pick<LagWatch, 'look'>,
): void {
  const { pool } = operations;
  // The gauges of one scrape ask at once.
  const look = oneAtATime(() => watch.look());
  observeLag(registry, operations, look);

  askedGauges(
    registry,
    look,
  )({
    name: 'materialiser_partitions_held',
    help: 'Partitions that do not move, by the error code that holds them.',
    labels: [...ofVersion, 'code'],
    fill: (of, standings) => {
      for (const { projection, version, heldFor: code } of standings) {
        if (code !== null) of.inc({ projection, version, code });
      }
    },
  });
  askedGauges(registry, () => listParkingStops(pool, operations))({
    name: 'materialiser_parking_stops',
    help: 'Partitions in which nobody more is parked with this code, since too many were.',
    labels: [...ofVersion, 'code'],
    fill: (of, stops) => {
      for (const { projection, version, code } of stops) of.inc({ projection, version, code });
    },
  });
  // One row a patient is counted, so not at any price.
  askedGauges(
    registry,
    sparingly(() => countGates(pool, operations)),
  )({
    name: 'materialiser_gates',
    help: 'Patients with a gate, by its state; those who are catching up wait for a backfill.',
    labels: [...ofVersion, 'state'],
    fill: (of, gates) => {
      for (const { projection, version, state, patients } of gates) {
        of.set({ projection, version, state }, patients);
      }
    },
  });
}
