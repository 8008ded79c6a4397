import { assertWithinLog, type EventLog, type PartitionOfTopic } from '@samspill/event-log';
import { SamspillError } from '@samspill/kernel';
import type { Pool } from 'pg';

interface OfCluster extends PartitionOfTopic {
  readonly cluster: string;
}

/**
 * Compares every checkpoint of a read model with the log, before anything is served or joined: a claim would find the
 * same, but only once the group is joined, and until then the service would answer and publish.
 * Rejects with LOG_DATABASE_MISMATCH where the log is another one, or does not hold what was read of it.
 */
export async function assertSameLog(
  { pool, eventLog }: { readonly pool: Pool; readonly eventLog: EventLog },
  { schema, projection }: { readonly schema: string; readonly projection: string },
): Promise<void> {
  const { rows } = await pool.query<OfCluster & { readonly next: number }>(
    `SELECT topic, partition, next_offset AS next, cluster_id AS cluster
       FROM ${schema}.projection_offset WHERE projection = $1 AND cluster_id IS NOT NULL`,
    [projection],
  );
  const clusterId = await eventLog.clusterId();
  for (const checkpoint of rows) assertSameCluster(checkpoint, clusterId);
  await assertWithinLog(
    (topic) => eventLog.ranges(topic),
    rows,
    rows.map(({ next }) => next),
  );
}

/** Throws LOG_DATABASE_MISMATCH where a checkpoint was read from a log of another cluster. */
export function assertSameCluster(
  { topic, partition, cluster }: OfCluster,
  clusterId: string,
): void {
  if (cluster === clusterId) return;
  const place = `${topic}:${partition} was read from log ${cluster}, this is log ${clusterId}`;
  throw new SamspillError('LOG_DATABASE_MISMATCH', { place });
}
