import { SamspillError, formatPosition } from '@samspill/kernel';
import type { PartitionOfTopic, PartitionRange } from '@samspill/event-log';
import type { ClientBase, Pool } from 'pg';
import type { LastRecord } from './last-record.ts';
import { prepared } from './prepared.ts';

/** Whose rows: a projection in one version, in the PostgreSQL schema of its app. */
export interface ReadModel {
  readonly schema: string;
  readonly projection: string;
  readonly version: number;
}

/** A partition as its claim left it, and then the batches. */
export interface OwnedPartition extends PartitionOfTopic {
  readonly ownerEpoch: number;
  /** The checkpoint as far as this owner knows. */
  next: number;
  /** How often gates have changed, as far as this owner knows; see `countGateChange`. */
  gateChanges: number;
}

type Db = Pool | ClientBase;

/** The version is not to go beyond this offset for now: it waits for another one to stand there too. */
export class StoppedAt extends Error {
  override readonly name = 'StoppedAt';

  constructor(readonly offset: number) {
    super(`stopped at ${offset}`);
  }
}

/** Makes the row of each partition where it is missing, so that there is always one to lock. */
export async function makeCheckpoints(
  db: Db,
  { schema, projection, version }: ReadModel,
  partitions: readonly PartitionOfTopic[],
): Promise<void> {
  await db.query(
    `INSERT INTO ${schema}.projection_offset (projection, version, topic, partition)
     SELECT $1, $2, topic, partition FROM unnest($3::text[], $4::int[]) AS p (topic, partition)
      ORDER BY topic, partition
     ON CONFLICT DO NOTHING`,
    [
      projection,
      version,
      partitions.map(({ topic }) => topic),
      partitions.map(({ partition }) => partition),
    ],
  );
}

/**
 * Moves the checkpoint from where the owner left it, as the first statement of a batch's transaction: the row lock that
 * it takes stands before every read of a gate (engine guide 8.1, 8.5). Answers how often gates have changed by now.
 * Rejects with PARTITION_FENCED when there is a newer owner, CHECKPOINT_GAP when the owner is wrong about the checkpoint,
 * and with StoppedAt.
 */
export async function advance(
  tx: ClientBase,
  { schema, projection, version }: ReadModel,
  { topic, partition, ownerEpoch, next }: OwnedPartition,
  to: number,
  last: LastRecord | undefined,
): Promise<number> {
  const { rows } = await tx.query<{ gateChanges: number }>(
    prepared(
      `UPDATE ${schema}.projection_offset SET next_offset = $7, updated_at = now(),
              held_for = NULL, held_since = NULL,
              last_offset = COALESCE($8, last_offset), last_record = COALESCE($9, last_record)
        WHERE projection = $1 AND version = $2 AND topic = $3 AND partition = $4
          AND owner_epoch = $5 AND next_offset = $6
          AND (stop_at IS NULL OR stop_at >= $7 OR stop_until < clock_timestamp())
        RETURNING gate_changes AS "gateChanges"`,
      [
        ...[projection, version, topic, partition, ownerEpoch, next, to],
        ...[last?.offset ?? null, last?.mark ?? null],
      ],
    ),
  );
  const [row] = rows;
  if (row !== undefined) return row.gateChanges;
  const now = await readCheckpoint(tx, { schema, projection, version }, { topic, partition });
  if (now.ownerEpoch === ownerEpoch && now.next === next) throw new StoppedAt(now.stopAt ?? next);
  const code = now.ownerEpoch === ownerEpoch ? 'CHECKPOINT_GAP' : 'PARTITION_FENCED';
  throw new SamspillError(code, {
    place: `${formatPosition({ topic, partition, offset: next })}, the checkpoint is ${now.next}`,
  });
}

/**
 * Locks the checkpoint where it stands and answers with it, as the first statement of a transaction that writes below it.
 * Rejects with PARTITION_FENCED when there is a newer owner.
 */
export async function lockCheckpoint(
  tx: ClientBase,
  { schema, projection, version }: ReadModel,
  { topic, partition, ownerEpoch }: OwnedPartition,
): Promise<number> {
  const { rows } = await tx.query<{ next: number }>(
    prepared(
      `SELECT next_offset AS next FROM ${schema}.projection_offset
        WHERE projection = $1 AND version = $2 AND topic = $3 AND partition = $4 AND owner_epoch = $5
          FOR UPDATE`,
      [projection, version, topic, partition, ownerEpoch],
    ),
  );
  const [row] = rows;
  if (row === undefined)
    throw new SamspillError('PARTITION_FENCED', { place: `${topic}:${partition}` });
  return row.next;
}

/** Where the checkpoint stands, and whose it is. */
export async function readCheckpoint(
  db: Db,
  { schema, projection, version }: ReadModel,
  { topic, partition }: PartitionOfTopic,
): Promise<OwnedPartition & { readonly stopAt: number | null }> {
  const { rows } = await db.query<OwnedPartition & { readonly stopAt: number | null }>(
    `SELECT topic, partition, next_offset AS next, owner_epoch AS "ownerEpoch",
            gate_changes AS "gateChanges", stop_at AS "stopAt"
       FROM ${schema}.projection_offset
      WHERE projection = $1 AND version = $2 AND topic = $3 AND partition = $4`,
    [projection, version, topic, partition],
  );
  const [found] = rows;
  if (found === undefined) {
    throw new SamspillError('CHECKPOINT_GAP', { place: `${topic}:${partition} has no checkpoint` });
  }
  return found;
}

export interface PartitionLag extends PartitionOfTopic {
  /** Records between the checkpoint and the end of the partition. */
  readonly records: number;
}

/** Lag by the read model's own checkpoint; one that was never set counts as 0. */
export async function lagOf(
  db: Db,
  { schema, projection, version }: ReadModel,
  ranges: readonly PartitionRange[],
): Promise<PartitionLag[]> {
  const { rows } = await db.query<{ topic: string; partition: number; next: number }>(
    `SELECT topic, partition, next_offset AS next FROM ${schema}.projection_offset
      WHERE projection = $1 AND version = $2`,
    [projection, version],
  );
  return ranges.map(({ topic, partition, start, end }) => {
    const own = rows.find((row) => row.topic === topic && row.partition === partition);
    return { topic, partition, records: Math.max(0, end - Math.max(own?.next ?? 0, start)) };
  });
}
