import { SamspillError, backOffMs, pause, type BackOff } from '@samspill/kernel';
import { claimOffsets } from '../claim.ts';
import type {
  EventBatch,
  EventLog,
  PartitionOfTopic,
  RunningSubscription,
  Subscription,
} from '../event-log.ts';
import { Generation, type Lane } from '../generation.ts';
import type { GroupMember } from './memory-group.ts';
import type { MemoryPartition } from './memory-partition.ts';

export interface MemberSurroundings {
  readonly holdBackOff: BackOff;
  readonly batchRecordsMax: number;
  readonly ranges: EventLog['ranges'];
  partition(of: PartitionOfTopic): MemoryPartition;
  leave(member: GroupMember): Promise<void>;
}

/** One member of a group in memory: a loop for each partition it holds. */
export class MemoryMember implements GroupMember, RunningSubscription {
  readonly #ended = Promise.withResolvers<undefined>();
  readonly #closing = new AbortController();
  #generation = new Generation([]);
  #work = Promise.resolve();
  #stopped: Promise<void> | undefined;

  constructor(
    readonly subscription: Subscription,
    private readonly given: MemberSurroundings,
  ) {
    // Whoever wants to know waits for `ended`; nobody has to.
    this.#ended.promise.catch(() => undefined);
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  isAlive(): boolean {
    return this.#stopped === undefined;
  }

  async close(): Promise<void> {
    await this.#stop();
    this.#ended.resolve(undefined);
  }

  async revoke(): Promise<void> {
    this.#generation.end();
    await this.#work;
  }

  assign(partitions: readonly PartitionOfTopic[]): void {
    const generation = new Generation(partitions);
    this.#generation = generation;
    this.#work = this.#claim(generation).then(async (claimed) => {
      if (claimed) await Promise.all(generation.lanes.map((lane) => this.#read(lane, generation)));
    });
  }

  async #claim(generation: Generation): Promise<boolean> {
    const { lanes } = generation;
    if (lanes.length === 0) return false;
    try {
      const offsets = await claimOffsets(this.subscription, lanes, {
        ranges: this.given.ranges,
        backOff: this.given.holdBackOff,
        over: this.#over(generation),
        onRetry: () => undefined,
      });
      lanes.forEach((lane, index) => (lane.next = offsets?.[index]));
      return offsets !== undefined;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  async #read(lane: Lane, generation: Generation): Promise<void> {
    const partition = this.given.partition(lane);
    const over = this.#over(generation);
    while (!over.aborted) {
      const records = partition.read(lane.next ?? 0, this.given.batchRecordsMax);
      if (records.length === 0) {
        await partition.growth(over);
        continue;
      }
      const batch = new MemoryBatch(lane, records, generation);
      const outcome = await this.#outcomeOf(batch);
      if (outcome === 'done' && batch.isCurrent()) {
        lane.next = batch.nextOffset;
        lane.heldTimes = 0;
      }
      if (outcome === 'again') {
        await pause(backOffMs(lane.heldTimes, this.given.holdBackOff), over);
        lane.heldTimes += 1;
      }
    }
  }

  async #outcomeOf(batch: MemoryBatch): Promise<'done' | 'again' | undefined> {
    try {
      return await this.subscription.handle(batch);
    } catch (error) {
      if (!batch.heartbeatLost) this.#fail(error);
      return undefined;
    }
  }

  #over(generation: Generation): AbortSignal {
    return AbortSignal.any([generation.signal, this.#closing.signal]);
  }

  #fail(error: unknown): void {
    if (this.#stopped !== undefined) return;
    // Not awaited: the stop waits for the loop in which we are.
    void this.#stop().then(() => this.#ended.reject(error));
  }

  #stop(): Promise<void> {
    this.#closing.abort();
    return (this.#stopped ??= this.#work.then(() => {
      this.#generation.end();
      return this.given.leave(this);
    }));
  }
}

class MemoryBatch implements EventBatch {
  readonly topic: string;
  readonly partition: number;
  readonly fromOffset: number;
  readonly nextOffset: number;
  heartbeatLost = false;

  constructor(
    lane: Lane,
    readonly records: EventBatch['records'],
    private readonly generation: Generation,
  ) {
    this.topic = lane.topic;
    this.partition = lane.partition;
    this.fromOffset = lane.next ?? 0;
    this.nextOffset = this.fromOffset + records.length;
  }

  isCurrent(): boolean {
    return !this.generation.isOver();
  }

  heartbeat(): Promise<void> {
    if (this.isCurrent()) return Promise.resolve();
    this.heartbeatLost = true;
    return Promise.reject(new SamspillError('PARTITION_FENCED', { place: this.topic }));
  }
}
