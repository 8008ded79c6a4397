import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, vi } from 'vitest';
import type {
  EventBatch,
  EventLog,
  LoggedRecord,
  PartitionOfTopic,
  RunningSubscription,
  Subscription,
} from '../event-log.ts';

export type Outcome = Awaited<ReturnType<Subscription['handle']>>;

const nameOf = ({ topic, partition }: PartitionOfTopic): string => `${topic}:${partition}`;

/** Waits until the condition holds; fails after ten seconds with what `expect` last said. */
export const eventually = (condition: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(condition, { timeout: 10_000, interval: 10 });

/**
 * A reader with a checkpoint of its own, as a read model has: claims answer with it, applied batches move it on. Its
 * checkpoint outlives its subscriptions.
 */
export class Reader {
  readonly group = `contract.${randomUUID()}`;
  /** Records in the order in which they were applied. */
  readonly applied: LoggedRecord[] = [];
  /** First offsets of all batches that were delivered, applied or not, each with its partition. */
  readonly delivered: string[] = [];
  readonly checkpoint = new Map<string, number>();

  constructor(
    private readonly log: EventLog,
    private readonly topics: readonly string[],
  ) {}

  startAt(topic: string, partition: number, offset: number): void {
    this.checkpoint.set(nameOf({ topic, partition }), offset);
  }

  /** Starts to read; the test's end stops it. `answer` decides on each batch before it is applied. */
  async start(
    answer: (batch: EventBatch) => Outcome | Promise<Outcome> = () => 'done',
    overrides: Partial<Subscription> = {},
  ): Promise<RunningSubscription> {
    const running = await this.log.subscribe({
      topics: this.topics,
      group: this.group,
      claim: (partitions) =>
        Promise.resolve(partitions.map((partition) => this.checkpoint.get(nameOf(partition)) ?? 0)),
      handle: async (batch) => {
        this.delivered.push(`${batch.partition}@${batch.records[0]?.offset ?? 'nothing'}`);
        const outcome = await answer(batch);
        if (outcome === 'done' && batch.isCurrent()) this.#apply(batch);
        return outcome;
      },
      ...overrides,
    });
    onTestFinished(() => running.close());
    return running;
  }

  /** Ids of the applied records of one key, in order. */
  idsOf(key: string): (string | undefined)[] {
    return this.applied.filter((record) => record.key === key).map(({ id }) => id);
  }

  async hasApplied(count: number): Promise<void> {
    await eventually(() => expect(this.applied.length).toBeGreaterThanOrEqual(count));
    expect(this.applied).toHaveLength(count);
  }

  #apply(batch: EventBatch): void {
    this.applied.push(...batch.records);
    this.checkpoint.set(nameOf(batch), batch.nextOffset);
  }
}
