import { SamspillError } from '@samspill/kernel';
import kafkajs, { type Admin } from 'kafkajs';
import type { PartitionRange } from '../event-log.ts';
import { kafkaClient, type BrokerAddress } from './kafka-client.ts';
import type { EventLogLogger } from './kafkajs-log.ts';

/** The brokers of a partition, by their ids. */
export interface PartitionKeepers {
  readonly partition: number;
  /** Below 0 where none leads. */
  readonly leader: number;
  /** Those who have all of it, as the cluster last knew. */
  readonly inSync: readonly number[];
}

/** Questions about the log that no record answers. One connection, made when first needed. */
export class LogMetadata {
  readonly #partitionCounts = new Map<string, number>();
  #admin: Promise<Admin> | undefined;
  #asked: Promise<void> = Promise.resolve();
  readonly #waiting = new Map<string, ReturnType<Admin['fetchTopicOffsets']>>();

  constructor(
    private readonly address: BrokerAddress,
    private readonly logger: EventLogLogger,
  ) {}

  /** The partition count of a topic if it was asked for before. It never changes (engine guide 8.3). */
  knownPartitionCount(topic: string): number | undefined {
    return this.#partitionCounts.get(topic);
  }

  /** Rejects with TOPIC_MISSING, or EVENT_LOG_UNAVAILABLE when no broker answers. */
  async partitionCount(topic: string): Promise<number> {
    const known = this.#partitionCounts.get(topic);
    if (known !== undefined) return known;
    const { topics } = await this.#ask(topic, (admin) =>
      admin.fetchTopicMetadata({ topics: [topic] }),
    );
    const count = topics[0]?.partitions.length ?? 0;
    if (count === 0) throw new SamspillError('TOPIC_MISSING', { place: topic });
    this.#partitionCounts.set(topic, count);
    return count;
  }

  /** Start and end of each partition, in the order of partitions. Rejects as `partitionCount` does. */
  async ranges(topic: string): Promise<PartitionRange[]> {
    // Asked first, since kafkajs retries for seconds before it says that a topic is missing.
    await this.partitionCount(topic);
    const offsets = await this.#offsetsOf(topic);
    return offsets
      .map(({ partition, low, high }) => ({
        topic,
        partition,
        start: Number(low),
        end: Number(high),
      }))
      .sort((a, b) => a.partition - b.partition);
  }

  /** By partition, the first offset that is not older than that moment, else the end. Rejects as `partitionCount` does. */
  async offsetsAt(topic: string, timeMs: number): Promise<Map<number, number>> {
    await this.partitionCount(topic);
    const offsets = await this.#ask(topic, (admin) =>
      admin.fetchTopicOffsetsByTimestamp(topic, timeMs),
    );
    return new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
  }

  /** Who keeps each partition of a topic. Rejects as `partitionCount` does. */
  async keepers(topic: string): Promise<PartitionKeepers[]> {
    const { topics } = await this.#ask(topic, (admin) =>
      admin.fetchTopicMetadata({ topics: [topic] }),
    );
    return (topics[0]?.partitions ?? []).map(({ partitionId, leader, isr }) => ({
      partition: partitionId,
      leader,
      inSync: isr,
    }));
  }

  /** `min.insync.replicas` of a topic. */
  async inSyncMin(topic: string): Promise<number> {
    const name = 'min.insync.replicas';
    const asked = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: [name] };
    const { resources } = await this.#ask(topic, (admin) =>
      admin.describeConfigs({ resources: [asked], includeSynonyms: false }),
    );
    return Number(resources[0]?.configEntries[0]?.configValue ?? 1);
  }

  /** Takes away a group that nobody is in. */
  async deleteGroup(group: string): Promise<void> {
    await this.#ask(group, (admin) => admin.deleteGroups([group]));
  }

  async clusterId(): Promise<string> {
    const { clusterId } = await this.#ask('cluster', (admin) => admin.describeCluster());
    return clusterId;
  }

  async close(): Promise<void> {
    const admin = this.#admin;
    this.#admin = undefined;
    await admin?.then(
      (connected) => connected.disconnect(),
      () => undefined,
    );
  }

  /** Shared by all who ask before it has begun; to whoever comes later its answer may be too old. */
  #offsetsOf(topic: string): ReturnType<Admin['fetchTopicOffsets']> {
    const waiting = this.#waiting.get(topic);
    if (waiting !== undefined) return waiting;
    const begins = (): unknown => this.#waiting.delete(topic);
    const offsets = this.#ask(topic, (admin) => admin.fetchTopicOffsets(topic), begins);
    this.#waiting.set(topic, offsets);
    return offsets;
  }

  /** One question at a time: kafkajs keeps one list of topics a connection, and answers for two overwrite each other. */
  #ask<Answer>(
    place: string,
    question: (admin: Admin) => Promise<Answer>,
    begins: () => unknown = nothing,
  ): Promise<Answer> {
    const answer = this.#asked.then(() => {
      begins();
      return this.#askNow(place, question);
    });
    this.#asked = answer.then(nothing, nothing);
    return answer;
  }

  async #askNow<Answer>(
    place: string,
    question: (admin: Admin) => Promise<Answer>,
  ): Promise<Answer> {
    this.#admin ??= this.#connect();
    const asked = this.#admin;
    try {
      return await question(await asked);
    } catch (cause) {
      if (isUnknownTopic(cause)) throw new SamspillError('TOPIC_MISSING', { place, cause });
      // A connection that failed once is not trusted again: the next question makes a new one.
      if (this.#admin === asked) await this.close();
      throw new SamspillError('EVENT_LOG_UNAVAILABLE', { place, cause });
    }
  }

  async #connect(): Promise<Admin> {
    const admin = kafkaClient(this.address, this.logger).admin();
    await admin.connect();
    return admin;
  }
}

const isUnknownTopic = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'UNKNOWN_TOPIC_OR_PARTITION';

const nothing = (): void => undefined;
