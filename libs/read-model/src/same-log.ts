import type { EventLog, PartitionRange } from '@samspill/event-log';
import { SamspillError } from '@samspill/kernel';
import type { Pool } from 'pg';

interface Checkpoint {
  readonly topic: string;
  readonly partition: number;
  readonly next: number;
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
  const { rows } = await pool.query<Checkpoint>(
    `SELECT topic, partition, next_offset AS next, cluster_id AS cluster
       FROM ${schema}.projection_offset WHERE projection = $1 AND cluster_id IS NOT NULL`,
    [projection],
  );
  const clusterId = await eventLog.clusterId();
  const topics = [...new Set(rows.map(({ topic }) => topic))];
  const held = (await Promise.all(topics.map((topic) => eventLog.ranges(topic)))).flat();
  for (const checkpoint of rows) assertBelongs(checkpoint, clusterId, held);
}

function assertBelongs(
  { topic, partition, next, cluster }: Checkpoint,
  clusterId: string,
  held: readonly PartitionRange[],
): void {
  const refuse = (what: string): never => {
    throw new SamspillError('LOG_DATABASE_MISMATCH', { place: `${topic}:${partition} ${what}` });
  };
  if (cluster !== clusterId) refuse(`was read from log ${cluster}, this is log ${clusterId}`);
  const range = held.find((one) => one.topic === topic && one.partition === partition);
  const { start, end } = range ?? { start: 0, end: 0 };
  if (next < start || next > end)
    refuse(`to be read from ${next}, the log holds ${start} to ${end}`);
}
