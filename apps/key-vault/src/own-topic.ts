import { keyVault } from '@samspill/contracts';
import {
  followTopic,
  type EventLog,
  type PartitionRange,
  type RunningSubscription,
} from '@samspill/event-log';
import { isRetriable, SamspillError } from '@samspill/kernel';
import type { Pool } from 'pg';
import { readBack, type ReadBackParts } from './read-back.ts';

export interface OwnTopicParts extends ReadBackParts {
  readonly eventLog: Pick<EventLog, 'ranges' | 'subscribe'>;
}

/**
 * Follows the vault's own topic, from the place that this database has reached. Resolves once everything is read that
 * was there at the call; nothing is served before: after a restore from a backup a shred stays a shred, and a version
 * that once was is never used again (design D6). Then it goes on, to see that the topic's last word stays the vault's.
 * Rejects with LOG_DATABASE_MISMATCH when the log ends before the place that this database has reached.
 */
export async function followOwnTopic(parts: OwnTopicParts): Promise<RunningSubscription> {
  const { pool, eventLog } = parts;
  const ranges = await eventLog.ranges(keyVault.topic);
  const places = await placesOf(pool, ranges);
  const ahead = new Map(
    ranges
      .filter(({ partition, end }) => (places.get(partition) ?? 0) < end)
      .map(({ partition, end }) => [partition, end]),
  );
  const reached = Promise.withResolvers<undefined>();
  if (ahead.size === 0) reached.resolve(undefined);

  const running = await followTopic(eventLog, {
    topic: keyVault.topic,
    name: `${keyVault.domain}.own-topic`,
    places,
    handle: async (batch) => {
      try {
        await readBack(parts, batch);
      } catch (error) {
        if (isRetriable(error)) return 'again';
        throw error;
      }
      if (batch.nextOffset >= (ahead.get(batch.partition) ?? 0)) ahead.delete(batch.partition);
      if (ahead.size === 0) reached.resolve(undefined);
      return 'done';
    },
  });
  await Promise.race([reached.promise, running.ended]);
  return running;
}

async function placesOf(
  pool: Pool,
  ranges: readonly PartitionRange[],
): Promise<Map<number, number>> {
  const { rows } = await pool.query<{ partition: number; offset: number }>(
    'SELECT partition, next_offset AS "offset" FROM read_back',
  );
  const reached = new Map(rows.map(({ partition, offset }) => [partition, offset]));
  for (const { topic, partition, end } of ranges) {
    if ((reached.get(partition) ?? 0) <= end) continue;
    throw new SamspillError('LOG_DATABASE_MISMATCH', { place: `${topic}:${partition}` });
  }
  return new Map(
    ranges.map(({ partition, start }) => [partition, Math.max(start, reached.get(partition) ?? 0)]),
  );
}
