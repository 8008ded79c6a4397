import { SamspillError } from '@samspill/kernel';
import type { LogMetadata } from './log-metadata.ts';

/**
 * Whether each partition could acknowledge: enough replicas are in step, as the controllers last said, and the leader
 * answers. Leaders are asked themselves, since where the controllers are gone, and most brokers with them, those that are
 * left go on telling what they last heard.
 */
export async function acknowledges(topic: string, metadata: LogMetadata): Promise<void> {
  // Known at once after the first time, and what says that a topic is missing.
  await metadata.partitionCount(topic);
  const enough = await metadata.inSyncMin(topic);
  for (const { partition, leader, inSync } of await metadata.keepers(topic)) {
    if (leader >= 0 && inSync.length >= enough) continue;
    const place = `${topic}:${partition}, ${inSync.length} of ${enough} replicas in step`;
    throw new SamspillError('EVENT_LOG_UNAVAILABLE', { place });
  }
  await metadata.ranges(topic);
}
