import { SamspillError } from '@samspill/kernel';
import type { PartitionOfTopic } from '../event-log.ts';
import type { LogMetadata } from './log-metadata.ts';

/**
 * Rejects with LOG_DATABASE_MISMATCH when an offset to read from lies below the start or above the end of what the log
 * holds: then database and log do not belong together (engine guide 8.2).
 */
export async function assertWithinLog(
  metadata: LogMetadata,
  partitions: readonly PartitionOfTopic[],
  offsets: readonly (number | undefined)[],
): Promise<void> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  const ranges = (await Promise.all(topics.map((topic) => metadata.ranges(topic)))).flat();
  for (const [index, { topic, partition }] of partitions.entries()) {
    const { start, end } = ranges.find(
      (range) => range.topic === topic && range.partition === partition,
    ) ?? { start: 0, end: 0 };
    const offset = offsets[index];
    if (offset !== undefined && offset >= start && offset <= end) continue;
    throw new SamspillError('LOG_DATABASE_MISMATCH', {
      place: `${topic}:${partition} to be read from ${offset ?? 'nowhere'}, the log holds ${start} to ${end}`,
    });
  }
}
