import { SamspillError, type ErrorCode } from '@samspill/kernel';
import type { PartitionOfTopic } from '@samspill/event-log';
import type { OwnedPartition } from './checkpoint.ts';
import type { ClaimedPartition } from './claim.ts';
import type { LastRecord } from './last-record.ts';
import { Turn } from './turn.ts';

/** A partition that this instance works. */
export interface WorkedPartition extends OwnedPartition {
  /** A transaction failed and may yet have been committed: the checkpoint is read before the next one. */
  isUncertain: boolean;
  /** What the log must hold below the checkpoint; undefined once that was seen. */
  last: LastRecord | undefined;
  /** A batch was written under this claim. */
  isWritten: boolean;
  /** Why it is held at present, once that has been told; undefined while it moves. */
  heldFor: ErrorCode | undefined;
  /** A newer owner was met: nothing more can be written under this claim. */
  isLost: boolean;
  /** Had by the live stream a chunk at a time, and by those who catch up for their last records. */
  readonly turn: Turn;
}

/** What this instance has claimed; a newer claim of a partition replaces the older one. */
export class OwnedPartitions {
  readonly #owned = new Map<string, WorkedPartition>();

  constructor(
    private readonly claimAll: (
      partitions: readonly PartitionOfTopic[],
    ) => Promise<ClaimedPartition[]>,
  ) {}

  /** Answers with the offset to read from, in the order given: that of the last record applied, which is compared. */
  async claim(partitions: readonly PartitionOfTopic[]): Promise<number[]> {
    const claimed = await this.claimAll(partitions);
    for (const one of claimed) {
      this.#owned.set(nameOf(one), {
        ...one,
        isUncertain: false,
        isWritten: false,
        heldFor: undefined,
        isLost: false,
        turn: new Turn(),
      });
    }
    return claimed.map(({ next, last }) => last?.offset ?? next);
  }

  /** The partitions of this topic that are not known to be lost. */
  of(topic: string): WorkedPartition[] {
    return [...this.#owned.values()].filter((one) => one.topic === topic && !one.isLost);
  }

  get(partition: PartitionOfTopic): WorkedPartition {
    const found = this.#owned.get(nameOf(partition));
    if (found === undefined) {
      throw new SamspillError('CHECKPOINT_GAP', { place: `${nameOf(partition)} is not claimed` });
    }
    return found;
  }
}

const nameOf = ({ topic, partition }: PartitionOfTopic): string => `${topic}:${partition}`;
