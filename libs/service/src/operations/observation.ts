import { countGates, listParkingStops, type GateCount } from '@samspill/read-model';
import type { LagWatch, PartitionStanding } from './lag-watch.ts';
import type { Operations } from './operations.ts';

/** How the read models of a service stand. */
export interface Observation {
  readonly standings: readonly PartitionStanding[];
  readonly gates: readonly GateCount[];
  readonly stops: Awaited<ReturnType<typeof listParkingStops>>;
}

/** Asks database and log. Rejects with DATABASE_UNAVAILABLE. */
export async function observe(
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
