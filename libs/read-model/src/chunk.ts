import type { EventBatch, EventLogLogger, LoggedRecord } from '@samspill/event-log';
import { SamspillError, formatPosition, isRetriable, throwUnlessRetriable } from '@samspill/kernel';
import type { KeyClient } from '@samspill/privacy';
import type { WireFormat } from '@samspill/schema-registry';
import { readCheckpoint, StoppedAt } from './checkpoint.ts';
import { decodeBatch } from './decode-batch.ts';
import { lastRecordOf } from './last-record.ts';
import { noteHold } from './list-checkpoints.ts';
import { openBatch, projectClear } from './open-batch.ts';
import type { OwnedPartitions, WorkedPartition } from './owned-partitions.ts';
import type { MaterialiserOptions } from './materialiser.ts';
import { GateMoved, type Plan } from './plan.ts';
import { ParkingStopped, noteParkingStop } from './parking-limit.ts';
import { tellHeld } from './tell-held.ts';
import { tellRejected } from './tell-rejected.ts';
import { gatesOf, writeBatch, type BatchTarget } from './write-batch.ts';
import { writePatientState } from './write-patient-state.ts';

export interface ChunkContext extends BatchTarget {
  readonly wire: WireFormat;
  readonly keys?: KeyClient;
  readonly consumer: string;
  readonly owned: OwnedPartitions;
  readonly logger: EventLogLogger;
  /** Consumer group of the version. */
  readonly group: string;
  readonly onOutcome?: MaterialiserOptions['onOutcome'];
  readonly onChunk?: MaterialiserOptions['onChunk'];
}

export interface Chunk {
  readonly batch: EventBatch;
  readonly records: readonly LoggedRecord[];
  /** Where the chunk begins: what lies below is in no later chunk. */
  readonly from: number;
  /** The checkpoint after the chunk. */
  readonly to: number;
}

type Outcome = Pick<Plan, 'counts' | 'rejected'>;

/**
 * Works one chunk of a batch. Three kinds of trouble (style guide, section 3): *ignored* and *rejected* records are
 * part of what is written; when the world has *failed*, nothing moves and the answer is `again`; a fault of ours rejects.
 */
export async function workChunk(
  context: ChunkContext,
  partition: WorkedPartition,
  chunk: Chunk,
): Promise<'written' | 'again'> {
  const beganMs = performance.now();
  try {
    if (partition.isUncertain) await readAgain(context, partition);
    if (partition.next >= chunk.to) return 'written';
    assertNoGap(partition, chunk);
    const outcome = await write(context, partition, chunk);
    report(context, partition, outcome, performance.now() - beganMs);
    await tellHold(context, partition, undefined);
    return 'written';
  } catch (error) {
    if (error instanceof StoppedAt) return workUpTo(context, partition, chunk, error.offset);
    return afterError(context, partition, chunk, error);
  }
}

/** What lies beyond the offset is delivered again, until the version may go on. */
async function workUpTo(
  context: ChunkContext,
  partition: WorkedPartition,
  chunk: Chunk,
  offset: number,
): Promise<'again'> {
  if (offset > partition.next && offset < chunk.to) {
    const records = chunk.records.filter((record) => record.offset < offset);
    await workChunk(context, partition, { ...chunk, records, to: offset });
  }
  return 'again';
}

async function write(
  context: ChunkContext,
  partition: WorkedPartition,
  { records, to }: Chunk,
): Promise<Outcome> {
  const { wire, keys, projection, readModel, pool } = context;
  // Delivered again after a hold, a batch begins with what is written already.
  const fresh = records.filter(({ offset }) => offset >= partition.next);
  const last = lastRecordOf(fresh);
  const decoded = await decodeBatch(wire, fresh);
  if (partition.topic !== projection.product.topic) {
    const change = await writePatientState(context, partition, { decoded, to, last });
    for (const patient of change.evicted) keys?.evict(projection.product.name, patient);
    return change;
  }
  if (!projection.opens || keys === undefined) {
    const judged = projectClear(projection, decoded);
    const gates = { gates: new Map(), gatesAsOf: undefined };
    return writeBatch(context, partition, { judged, ...gates, to, last });
  }
  const gatesAsOf = partition.gateChanges;
  const gates = await gatesOf(pool, readModel, projection, decoded);
  const judged = await openBatch({ wire, keys, projection }, decoded, gates);
  return writeBatch(context, partition, { judged, gates, gatesAsOf, to, last });
}

/**
 * The checkpoint may lie above the start of a chunk, never below it: then the database has lost what it had committed, as
 * after a failover to a standby that lagged. The next claim reads on where the checkpoint now stands.
 */
function assertNoGap({ topic, partition, next }: WorkedPartition, { from }: Chunk): void {
  if (next >= from) return;
  const position = formatPosition({ topic, partition, offset: from });
  throw new SamspillError('CHECKPOINT_GAP', {
    place: `${position}, the checkpoint is ${next}`,
    mend: 'nothing where a failover or a restore set the database back: the next start reads again what it lost',
  });
}

/** After a failed transaction nobody knows whether it was committed. */
async function readAgain(context: ChunkContext, partition: WorkedPartition): Promise<void> {
  const read = await readCheckpoint(context.pool, context.readModel, partition);
  // With another owner the next transaction is fenced, whatever it assumes.
  if (read.ownerEpoch === partition.ownerEpoch) partition.next = read.next;
  partition.isUncertain = false;
}

async function afterError(
  context: ChunkContext,
  partition: WorkedPartition,
  { batch, records }: Chunk,
  error: unknown,
): Promise<'again'> {
  const { logger, onOutcome, owned } = context;
  if (error instanceof GateMoved) {
    logger.debug(placeOf(partition), 'a gate moved while keys were fetched; asking again');
    return 'again';
  }
  if (!isRetriable(error)) throw error;
  partition.isUncertain = true;
  onOutcome?.('held', records.length, error.code);
  if (error instanceof ParkingStopped) {
    await noteParkingStop(context.pool, context.readModel, partition, error).catch(
      throwUnlessRetriable,
    );
  }
  await tellHold(context, partition, error);
  if (error.code === 'PARTITION_FENCED') {
    // A member that lost the partition learns it here, by a rejection; one that still has it claims it again.
    await batch.heartbeat();
    if (batch.isCurrent()) await owned.claim([partition]).catch(throwUnlessRetriable);
  }
  return 'again';
}

/**
 * Told when a hold begins, when its cause changes and when it ends; how often it was tried is for the metrics. Written
 * down for operators as well, unless the database is what is away.
 */
async function tellHold(
  { logger, pool, readModel }: ChunkContext,
  partition: WorkedPartition,
  cause: SamspillError | undefined,
): Promise<void> {
  if (partition.heldFor === cause?.code) return;
  partition.heldFor = cause?.code;
  if (cause === undefined) {
    logger.info(placeOf(partition), 'goes on');
    return;
  }
  tellHeld(logger, placeOf(partition), cause, 'held');
  if (cause.code === 'DATABASE_UNAVAILABLE') return;
  await noteHold(pool, readModel, partition, cause.code).catch(() => undefined);
}

const placeOf = ({ topic, partition, next }: WorkedPartition): Record<string, unknown> => ({
  topic,
  partition,
  position: formatPosition({ topic, partition, offset: next }),
});

function report(
  { logger, group, onOutcome, onChunk }: ChunkContext,
  { topic }: WorkedPartition,
  { counts, rejected }: Outcome,
  durationMs: number,
): void {
  const records = [...counts.values()].reduce((sum, n) => sum + n, 0);
  onChunk?.({ group, topic, durationMs, records, counts });
  for (const [kind, count] of counts) onOutcome?.(kind, count);
  tellRejected(logger, rejected);
}
