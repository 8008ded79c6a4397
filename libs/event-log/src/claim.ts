import {
  SamspillError,
  backOffMs,
  isRetriable,
  pause,
  throwUnlessRetriable,
  type BackOff,
} from '@samspill/kernel';
import type { PartitionOfTopic, PartitionRange, Subscription } from './event-log.ts';

type Ranges = (topic: string) => Promise<PartitionRange[]>;

export interface ClaimSurroundings {
  readonly ranges: Ranges;
  readonly backOff: BackOff;
  /** Ends the wait: the partitions are lost, or the subscription closes. */
  readonly over: AbortSignal;
  readonly onRetry: (attempt: number) => void;
}

/**
 * Asks the subscription from where to read, again and again while its error is retriable. Answers with one offset a
 * partition, or undefined when it was over before; it may also be over by the time the answer is there. Rejects with what the claim rejected with, or with
 * LOG_DATABASE_MISMATCH.
 */
export async function claimOffsets(
  subscription: Pick<Subscription, 'claim'>,
  partitions: readonly PartitionOfTopic[],
  { ranges, backOff, over, onRetry }: ClaimSurroundings,
): Promise<readonly number[] | undefined> {
  const asked = partitions.map(({ topic, partition }) => ({ topic, partition }));
  for (let attempt = 0; !over.aborted; attempt += 1) {
    try {
      const offsets = await subscription.claim(asked);
      await assertWithinLog(ranges, asked, offsets);
      return offsets;
    } catch (error) {
      if (!isRetriable(error)) throw error;
      onRetry(attempt);
      await pause(backOffMs(attempt, backOff), over);
    }
  }
  return undefined;
}

/**
 * Rejects with LOG_DATABASE_MISMATCH when an offset to read from lies below the start or above the end of what the log
 * holds: then database and log do not belong together (engine guide 8.2).
 */
export async function assertWithinLog(
  ranges: Ranges,
  partitions: readonly PartitionOfTopic[],
  offsets: readonly (number | undefined)[],
): Promise<void> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  const held = (await Promise.all(topics.map(ranges))).flat();
  for (const [index, { topic, partition }] of partitions.entries()) {
    const offset = offsets[index];
    const range = held.find((one) => one.topic === topic && one.partition === partition);
    const { start, end } = range ?? { start: 0, end: 0 };
    if (offset !== undefined && offset >= start && offset <= end) continue;
    const place = `${topic}:${partition} to be read from ${offset ?? 'nowhere'}, the log holds ${start} to ${end}`;
    throw new SamspillError('LOG_DATABASE_MISMATCH', { place });
  }
}

/** The same for whoever read there before: while the log cannot be asked, it counts as holding it still. */
export const assertStillWithinLog: typeof assertWithinLog = (...asked) =>
  assertWithinLog(...asked).catch(throwUnlessRetriable);
