import { countGates, listParkingStops, type GateCount } from '@samspill/read-model';
import { Gauge, type Registry } from 'prom-client';
import type { LagWatch, PartitionStanding } from './lag-watch.ts';
import type { Operations } from './operations.ts';

interface Observation {
  readonly standings: readonly PartitionStanding[];
  readonly gates: readonly GateCount[];
  readonly stops: Awaited<ReturnType<typeof listParkingStops>>;
}

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
  const registers = [registry];
  const look = shared(() => observe(operations, watch));

  new Gauge({
    name: 'materialiser_lag_records',
    help: 'Records between the checkpoint and the end of the log; NaN while the log does not answer.',
    labelNames: ['projection', 'version', 'topic', 'partition'],
    registers,
    async collect() {
      const { standings } = await look();
      this.reset();
      for (const { projection, version, topic, partition, records } of standings) {
        this.set({ projection, version, topic, partition }, records ?? NaN);
      }
    },
  });
  new Gauge({
    name: 'materialiser_behind_seconds',
    help: 'Age of the first record that is not applied, at most; NaN while it is not known.',
    labelNames: ['projection', 'version', 'topic', 'partition'],
    registers,
    async collect() {
      const { standings } = await look();
      this.reset();
      for (const { projection, version, topic, partition, behindSeconds } of standings) {
        this.set({ projection, version, topic, partition }, behindSeconds ?? NaN);
      }
    },
  });
  new Gauge({
    name: 'materialiser_partitions_held',
    help: 'Partitions that do not move, by the error code that holds them.',
    labelNames: ['projection', 'version', 'code'],
    registers,
    async collect() {
      const { standings } = await look();
      this.reset();
      for (const { projection, version, heldFor: code } of standings) {
        if (code !== null) this.inc({ projection, version, code });
      }
    },
  });
  new Gauge({
    name: 'materialiser_parking_stops',
    help: 'Partitions in which nobody more is parked with this code, since too many were.',
    labelNames: ['projection', 'version', 'code'],
    registers,
    async collect() {
      const { stops } = await look();
      this.reset();
      for (const { projection, version, code } of stops) this.inc({ projection, version, code });
    },
  });
  new Gauge({
    name: 'materialiser_gates',
    help: 'Patients with a gate, by its state; those who are catching up wait for a backfill.',
    labelNames: ['projection', 'version', 'state'],
    registers,
    async collect() {
      const { gates } = await look();
      this.reset();
      for (const { projection, version, state, patients } of gates) {
        this.set({ projection, version, state }, patients);
      }
    },
  });
}

async function observe(
  operations: Pick<Operations, 'pool' | 'schema'>,
  watch: LagWatch,
): Promise<Observation> {
  const [standings, gates, stops] = await Promise.all([
    watch.look(),
    countGates(operations.pool, operations),
    listParkingStops(operations.pool, operations),
  ]);
  return { standings, gates, stops };
}

/** The same look for all that ask while it is under way: the gauges of one scrape do so at once. */
function shared(look: () => Promise<Observation>): () => Promise<Observation> {
  let underWay: Promise<Observation> | undefined;
  return () =>
    (underWay ??= look()
      .catch(() => nothing)
      .finally(() => (underWay = undefined)));
}
