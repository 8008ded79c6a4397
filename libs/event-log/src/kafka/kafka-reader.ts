import { randomBytes } from 'node:crypto';
import { SamspillError } from '@samspill/kernel';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { assertStillWithinLog, assertWithinLog } from '../claim.ts';
import type { EventLog, PartitionReader, ReadFrom, RecordsRead } from '../event-log.ts';
import { fetchedFrom } from './delivery.ts';
import { HandOver } from './hand-over.ts';
import { groupConsumer } from './group-consumer.ts';
import { Joining } from './joining.ts';
import { kafkaClient, type BrokerAddress } from './kafka-client.ts';
import { recordsOf } from './kafka-record.ts';
import type { EventLogLogger } from './kafkajs-log.ts';
import type { LogMetadata } from './log-metadata.ts';
import type { SubscribeTimes } from './subscribe-times.ts';

/**
 * Reads one partition through a consumer group that has this one member and nothing committed. The other partitions of
 * the topic, which the group assigns as well, are paused. While nobody asks, one fetch lies here and the next one waits.
 */
export class KafkaReader implements PartitionReader {
  readonly #consumer: Consumer;
  readonly #joining = new Joining();
  readonly #handOver = new HandOver<RecordsRead>();
  readonly #ranges: EventLog['ranges'];
  #next: number;
  #stopped: Promise<void> | undefined;

  constructor(
    address: BrokerAddress,
    metadata: LogMetadata,
    private readonly what: ReadFrom,
    private readonly times: SubscribeTimes,
    private readonly logger: EventLogLogger,
    private readonly onClosed: () => void,
  ) {
    this.#ranges = (topic) => metadata.ranges(topic);
    this.#next = what.from;
    const group = `${what.name}.${randomBytes(6).toString('hex')}`;
    // A broken reader is replaced by whoever reads, who knows where to go on.
    this.#consumer = groupConsumer(kafkaClient(address, logger), group, times, () => false);
  }

  /** Joins the group. Rejects with TOPIC_MISSING, EVENT_LOG_UNAVAILABLE or LOG_DATABASE_MISMATCH. */
  async start(): Promise<void> {
    const { topic, name } = this.what;
    this.#listen();
    try {
      await assertWithinLog(this.#ranges, [this.what], [this.#next]);
      await this.#consumer.connect();
      await this.#consumer.subscribe({ topics: [topic], fromBeginning: true });
      await this.#consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: (payload) => this.#work(payload),
      });
    } catch (cause) {
      this.#joining.end();
      await this.close();
      if (cause instanceof SamspillError) throw cause;
      throw new SamspillError('EVENT_LOG_UNAVAILABLE', { place: name, cause });
    }
  }

  read(): Promise<RecordsRead> {
    return this.#handOver.take();
  }

  close(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  #listen(): void {
    const { events } = this.#consumer;
    // Runs before kafkajs fetches for the new generation.
    this.#consumer.on(events.GROUP_JOIN, ({ payload }) => {
      this.#joining.end();
      const { topic, partition } = this.what;
      const assigned = payload.memberAssignment[topic] ?? [];
      const others = assigned.filter((one) => one !== partition);
      if (others.length > 0) this.#consumer.pause([{ topic, partitions: others }]);
      this.#seek();
    });
    this.#consumer.on(events.END_BATCH_PROCESS, ({ payload }) => {
      // kafkajs steps over a fetch of control records alone without asking the handler; the reader steps along.
      if (payload.partition !== this.what.partition || payload.batchSize > 0) return;
      this.#next = Number(payload.lastOffset) + 1;
      this.#handOver.put({ records: [], nextOffset: this.#next });
    });
    this.#consumer.on(events.CRASH, ({ payload }) => {
      this.#joining.end();
      this.#fail(payload.error);
    });
  }

  async #work(payload: EachBatchPayload): Promise<void> {
    const { partition } = payload.batch;
    if (partition !== this.what.partition) return;
    if (fetchedFrom(payload.batch) !== this.#next) return this.#moveBack();
    // Nothing more is fetched until the one before is taken; the membership is kept alive meanwhile.
    while (!(await this.#handOver.taken(this.times.heartbeatIntervalMs))) await payload.heartbeat();
    this.#next = Number(payload.batch.lastOffset()) + 1;
    this.#handOver.put({
      records: recordsOf(payload.batch),
      nextOffset: this.#next,
    });
    payload.resolveOffset(payload.batch.lastOffset());
  }

  /** kafkajs lost the position, as it does when it finds an offset out of range: never go on over a gap. */
  async #moveBack(): Promise<void> {
    await assertStillWithinLog(this.#ranges, [this.what], [this.#next]).then(
      () => this.#seek(),
      (error: unknown) => this.#handOver.fail(error),
    );
  }

  #seek(): void {
    const { topic, partition } = this.what;
    this.#consumer.seek({ topic, partition, offset: String(this.#next) });
  }

  #fail(cause: unknown): void {
    const details = { place: this.what.name, cause };
    this.#handOver.fail(new SamspillError('EVENT_LOG_UNAVAILABLE', details));
  }

  async #stop(): Promise<void> {
    this.#fail(undefined);
    try {
      await this.#joining.over();
      await this.#consumer.disconnect();
    } catch (error) {
      const fields = { reader: this.what.name, reason: String(error) };
      this.logger.debug(fields, 'disconnect failed');
    } finally {
      this.onClosed();
    }
  }
}
