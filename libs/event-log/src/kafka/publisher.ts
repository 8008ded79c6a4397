import { SamspillError, within, type Position } from '@samspill/kernel';
import type { EventPublisher, OutgoingEvent, PartitionOfTopic } from '../event-log.ts';
import { batchBytesMax, bytesOfEvent } from '../event-size.ts';
import { partitionOf } from '../partition.ts';
import { kafkaClient, type BrokerAddress } from './kafka-client.ts';
import { toKafkaMessage } from './kafka-record.ts';
import type { EventLogLogger } from './kafkajs-log.ts';
import type { LogMetadata } from './log-metadata.ts';
import { PartitionQueue, type BatchLimits } from './partition-queue.ts';
import { PublishCall } from './publish-call.ts';
import { QueueRoom, type QueueFill, type QueueLimits } from './queue-room.ts';
import { ReplaceableProducer } from './replaceable-producer.ts';

export interface PublishLimits extends BatchLimits, QueueLimits {
  /** After this an unanswered `publish` rejects with PUBLISH_OUTCOME_UNKNOWN; `close` waits no longer than this. */
  readonly deadlineMs: number;
}

export const publishDefaults: PublishLimits = {
  deadlineMs: 10_000,
  batchBytesMax,
  batchEventsMax: 1_000,
  queueEventsMax: 20_000,
  queueBytesMax: 64 * 1024 * 1024,
};

/** Publishes to Kafka so that an acknowledged event is in the log, once or more (engine guide, section 3). */
export class KafkaPublisher implements EventPublisher {
  readonly #producer: ReplaceableProducer;
  readonly #room: QueueRoom;
  readonly #queues = new Map<string, PartitionQueue>();
  readonly #abandoned = new AbortController();
  /** Publish calls that wait until the partitions of a topic are known, in order. */
  #turns = Promise.resolve();
  #turnsWaiting = 0;
  #closed: Promise<void> | undefined;

  constructor(
    address: BrokerAddress,
    private readonly metadata: LogMetadata,
    private readonly limits: PublishLimits,
    private readonly logger: EventLogLogger,
  ) {
    this.#producer = new ReplaceableProducer(kafkaClient(address, logger));
    this.#room = new QueueRoom(limits);
  }

  /** What was taken in and is not acknowledged yet. */
  get queue(): QueueFill {
    return this.#room.fill;
  }

  async publish(events: readonly OutgoingEvent[]): Promise<Position[]> {
    if (this.#closed !== undefined) {
      throw new SamspillError('EVENT_LOG_UNAVAILABLE', { place: 'publisher, which is closed' });
    }
    if (events.length === 0) return [];
    const sizes = events.map(bytesOfEvent);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    if (!this.#room.take(events.length, bytes)) throw new SamspillError('EVENT_LOG_OVERLOADED');

    const call = new PublishCall(events.length, this.limits.deadlineMs);
    const topics = [...new Set(events.map(({ topic }) => topic))];
    this.#inTurn(topics, {
      run: () =>
        events.forEach((event, index) => this.#enqueue(event, sizes[index] ?? 0, call, index)),
      refuse: (error) => {
        this.#room.giveBack(events.length, bytes);
        call.refuse(error);
      },
    });
    return call.positions;
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  /** Runs at once when all partition counts are known, else behind those that wait, so that calls keep their order. */
  #inTurn(topics: string[], turn: { run(): void; refuse(error: unknown): void }): void {
    const known = topics.every((topic) => this.metadata.knownPartitionCount(topic) !== undefined);
    if (known && this.#turnsWaiting === 0) {
      turn.run();
      return;
    }
    this.#turnsWaiting += 1;
    this.#turns = this.#turns.then(async () => {
      try {
        for (const topic of topics) await this.metadata.partitionCount(topic);
        turn.run();
      } catch (error) {
        turn.refuse(error);
      } finally {
        this.#turnsWaiting -= 1;
      }
    });
  }

  #enqueue(event: OutgoingEvent, bytes: number, call: PublishCall, index: number): void {
    const { topic } = event;
    const partition = partitionOf(event.key, this.metadata.knownPartitionCount(topic) ?? 1);
    this.#queueOf({ topic, partition }).push({
      message: toKafkaMessage(event, partition),
      bytes,
      acknowledged: (offset) => {
        this.#room.giveBack(1, bytes);
        call.acknowledged(index, { topic, partition, offset });
      },
    });
  }

  #queueOf(target: PartitionOfTopic): PartitionQueue {
    const name = `${target.topic}:${target.partition}`;
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const given = { logger: this.logger, abandoned: this.#abandoned.signal };
    const queue = new PartitionQueue(target, this.#producer, this.limits, given);
    this.#queues.set(name, queue);
    return queue;
  }

  async #close(): Promise<void> {
    const drained = await within(this.limits.deadlineMs, this.#drained());
    this.#abandoned.abort();
    const disconnected = this.#producer.abandon();
    // When late a broker does not answer, and kafkajs would wait for it.
    if (drained) await disconnected;
  }

  async #drained(): Promise<true> {
    await this.#turns;
    await Promise.all([...this.#queues.values()].map((queue) => queue.drained()));
    return true;
  }
}
