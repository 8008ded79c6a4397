import type { EventBatch, LoggedRecord } from '@samspill/event-log';
import { SamspillError, formatPosition } from '@samspill/kernel';
import type { WorkedPartition } from './owned-partitions.ts';

/** The last record that a checkpoint stands for. Reading begins with it after a claim, so that it can be compared. */
export interface LastRecord {
  readonly offset: number;
  /** Time of writing and event id: a log that is written anew has another time, also for the same event. */
  readonly mark: string;
}

export const lastRecordOf = (records: readonly LoggedRecord[]): LastRecord | undefined => {
  const last = records.at(-1);
  return last && { offset: last.offset, mark: markOf(last) };
};

const markOf = ({ timestampMs, id }: LoggedRecord): string => `${timestampMs} ${id ?? ''}`;

/**
 * Compares the first batch after a claim with what the checkpoint remembers: at its last offset the log must hold the very
 * record that was applied. Throws LOG_DATABASE_MISMATCH.
 */
export function assertSameLog(partition: WorkedPartition, batch: EventBatch): void {
  const { last, topic } = partition;
  if (last === undefined) return;
  partition.last = undefined;
  // Claimed again in the midst of a batch, which is then not delivered anew.
  if (batch.fromOffset > last.offset) return;
  const found = batch.records.find(({ offset }) => offset === last.offset);
  if (found !== undefined && markOf(found) === last.mark) return;
  const position = formatPosition({ topic, partition: partition.partition, offset: last.offset });
  throw new SamspillError('LOG_DATABASE_MISMATCH', {
    place: `${position}, where the log no longer holds the record that was applied`,
  });
}
