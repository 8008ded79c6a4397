import type { PartitionOfTopic } from './event-log.ts';

/** One assigned partition within one generation of the group. */
export interface Lane extends PartitionOfTopic {
  /** The offset to read from; undefined until it is claimed. */
  next: number | undefined;
  /** How often in a row the handler answered `again`. */
  heldTimes: number;
  /** Kafka has not yet answered the last commit of the position. */
  isCommitting: boolean;
}

/** What a member holds between two rebalances. It ends when the next one begins, with its timers. */
export class Generation {
  readonly #ended = new AbortController();
  /** In (topic, partition) order, in which claims are made, against deadlocks (engine guide 8.2). */
  readonly lanes: readonly Lane[];

  constructor(partitions: readonly PartitionOfTopic[]) {
    this.lanes = [...partitions]
      .sort((a, b) => compareText(a.topic, b.topic) || a.partition - b.partition)
      .map(({ topic, partition }) => ({
        topic,
        partition,
        next: undefined,
        heldTimes: 0,
        isCommitting: false,
      }));
  }

  /** Aborted when the generation is over. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  isOver(): boolean {
    return this.#ended.signal.aborted;
  }

  end(): void {
    this.#ended.abort();
  }

  lane(topic: string, partition: number): Lane | undefined {
    return this.lanes.find((lane) => lane.topic === topic && lane.partition === partition);
  }
}

/** By code points, so that all members agree whatever their locale. */
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
