import { SamspillError } from '@samspill/kernel';
import type { EventLog, PartitionOfTopic } from '@samspill/event-log';
import type { Pool } from 'pg';
import type { OwnedPartition, ReadModel } from './checkpoint.ts';
import type { LastRecord } from './last-record.ts';
import { assertSameCluster } from './same-log.ts';
import { inTransaction } from './transaction.ts';

interface ClaimedRow {
  readonly topic: string;
  readonly partition: number;
  readonly next_offset: number;
  readonly owner_epoch: number;
  readonly gate_changes: number;
  readonly cluster: string;
  readonly last_offset: number | null;
  readonly last_record: string | null;
}

/** A partition as it was taken over. */
export interface ClaimedPartition extends OwnedPartition {
  /** Absent before the first record was applied. */
  readonly last: LastRecord | undefined;
}

/**
 * Takes the partitions over by a new owner epoch, so that whoever had them before changes nothing any more, and answers
 * with their checkpoints in the order given (engine guide 8.2).
 * Rejects with LOG_DATABASE_MISMATCH when the checkpoints come from another log; that they lie within what this one holds
 * is looked at by the event log.
 */
export async function claim(
  {
    pool,
    eventLog,
    owner,
  }: { readonly pool: Pool; readonly eventLog: EventLog; readonly owner: string },
  { schema, projection, version }: ReadModel,
  partitions: readonly PartitionOfTopic[],
): Promise<ClaimedPartition[]> {
  if (partitions.length === 0) return [];
  const clusterId = await eventLog.clusterId();
  const claimed = await inTransaction(pool, async (tx) => {
    // Locked in one order by all, against deadlocks.
    const { rows } = await tx.query<ClaimedRow>(
      `WITH wanted AS (
         SELECT o.topic, o.partition FROM ${schema}.projection_offset o
           JOIN unnest($3::text[], $4::int[]) AS w (topic, partition) USING (topic, partition)
          WHERE o.projection = $1 AND o.version = $2
          ORDER BY o.topic, o.partition FOR UPDATE OF o)
       UPDATE ${schema}.projection_offset o
          SET owner_epoch = o.owner_epoch + 1, owner = $5, cluster_id = COALESCE(o.cluster_id, $6)
         FROM wanted
        WHERE o.projection = $1 AND o.version = $2
          AND o.topic = wanted.topic AND o.partition = wanted.partition
       RETURNING o.topic, o.partition, o.next_offset, o.owner_epoch, o.gate_changes,
                 o.cluster_id AS cluster, o.last_offset, o.last_record`,
      [
        projection,
        version,
        partitions.map(({ topic }) => topic),
        partitions.map(({ partition }) => partition),
        owner,
        clusterId,
      ],
    );
    for (const row of rows) assertSameCluster(row, clusterId);
    return rows;
  });
  return partitions.map(({ topic, partition }) => {
    const row = claimed.find((one) => one.topic === topic && one.partition === partition);
    if (row === undefined) {
      throw new SamspillError('CHECKPOINT_GAP', {
        place: `${topic}:${partition} has no checkpoint`,
      });
    }
    const { owner_epoch: ownerEpoch, next_offset: next, gate_changes: gateChanges } = row;
    return { topic, partition, ownerEpoch, next, gateChanges, last: lastOf(row) };
  });
}

/** Below the checkpoint alone it stands for something: whoever moves a checkpoint back by hand leaves it behind. */
const lastOf = (row: ClaimedRow): LastRecord | undefined => {
  const { last_offset: offset, last_record: mark, next_offset: next } = row;
  return offset === null || mark === null || offset >= next ? undefined : { offset, mark };
};
