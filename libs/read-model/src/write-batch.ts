import type { Pseudonym } from '@samspill/kernel';
import type { ClientBase, Pool } from 'pg';
import type { LastRecord } from './last-record.ts';
import { advance, type OwnedPartition, type ReadModel } from './checkpoint.ts';
import { countGateChange, readGates, writeGates, type Gates } from './gate.ts';
import type { Judged } from './open-batch.ts';
import { limitParking, type ParkingLimit } from './parking-limit.ts';
import { planBehindGates, planWithoutGates, type Plan } from './plan.ts';
import type { Probe } from './probe.ts';
import type { Projection } from './projection.ts';
import { withoutRefused } from './refused-rows.ts';
import { inTransaction } from './transaction.ts';
import { deletePatients, insertRows } from './write-rows.ts';

export interface BatchTarget {
  readonly pool: Pool;
  readonly readModel: ReadModel;
  readonly projection: Projection;
  readonly probe: Probe;
  /** The default of parking-limit unless given. */
  readonly parkingLimit?: ParkingLimit;
}

export interface JudgedChunk {
  readonly judged: readonly Judged[];
  /** The gates as they stood before the keys were asked for. */
  readonly gates: Gates;
  /** How often gates had changed before these were read; undefined where none were read. */
  readonly gatesAsOf: number | undefined;
  /** The checkpoint after the chunk. */
  readonly to: number;
  /** The last record of the chunk; undefined where it holds none. */
  readonly last: LastRecord | undefined;
}

/**
 * Writes a chunk in one transaction: checkpoint first, then the gates are read, then rows and gates written (engine
 * guide 8.1, 8.5). When the database refuses a value, the events that hold such values are found and rejected.
 */
export const writeBatch = (
  target: BatchTarget,
  owned: OwnedPartition,
  chunk: JudgedChunk,
): Promise<Plan> =>
  withoutRefused(target, chunk.judged, (judged) => writeOnce(target, owned, { ...chunk, judged }));

async function writeOnce(
  { pool, readModel, projection, probe, parkingLimit }: BatchTarget,
  owned: OwnedPartition,
  { judged, gates, gatesAsOf, to, last }: JudgedChunk,
): Promise<Plan> {
  const { topic, partition, next: from } = owned;
  const place = { topic, partition, from, to };
  const plan = await inTransaction(pool, async (tx) => {
    await probe('begun', place);
    const changes = await advance(tx, readModel, owned, to, last);
    const now = changes === gatesAsOf ? gates : await gatesOf(tx, readModel, projection, judged);
    const planned = projection.opens
      ? planBehindGates(judged, gates, now)
      : planWithoutGates(judged, now, projection.shredded);
    await limitParking(tx, readModel, owned, { ...planned, from, isBehind: false }, parkingLimit);
    await insertRows(tx, readModel, planned.events);
    await writeGates(tx, readModel, planned.gates);
    if (planned.gates.size > 0) await countGateChange(tx, readModel, owned);
    await deletePatients(tx, readModel, projection.tables, planned.retracted);
    await probe('written', place);
    return { ...planned, changes };
  });
  owned.next = to;
  owned.gateChanges = plan.changes;
  await probe('committed', place);
  return plan;
}

/** The gates of the patients of a batch that are not plainly open. */
export const gatesOf = (
  db: Pool | ClientBase,
  readModel: ReadModel,
  projection: Projection,
  batch: readonly { readonly patient: Pseudonym | undefined }[],
): Promise<Gates> =>
  readGates(
    db,
    readModel,
    projection.product.name,
    batch.flatMap(({ patient }) => patient ?? []),
  );
