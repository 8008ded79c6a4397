import { SamspillError, within } from '@samspill/kernel';
import type { Consumer } from 'kafkajs';
import { claimOffsets } from '../claim.ts';
import type { EventLog, RunningSubscription, Subscription } from '../event-log.ts';
import { Generation, type Lane } from '../generation.ts';
import { groupConsumer } from './group-consumer.ts';
import { Joining } from './joining.ts';
import { kafkaClient, type BrokerAddress } from './kafka-client.ts';
import type { EventLogLogger } from './kafkajs-log.ts';
import { LaneWork } from './lane-work.ts';
import type { LogMetadata } from './log-metadata.ts';
import type { SubscribeTimes } from './subscribe-times.ts';

const forgetWithinMs = 2_000;

/**
 * One member of a consumer group. Positions come from the claims alone; what Kafka has committed is for dashboards
 * (engine guide 8.2). On every rebalance all partitions are paused, claimed, moved to the claimed offsets, resumed.
 */
export class KafkaSubscriber implements RunningSubscription {
  readonly #consumer: Consumer;
  readonly #ended = Promise.withResolvers<undefined>();
  readonly #joining = new Joining();
  readonly #ranges: EventLog['ranges'];
  readonly #holdBackOff;
  readonly #lanes: LaneWork;
  #generation = new Generation([]);
  #claims = Promise.resolve();
  #stopped: Promise<void> | undefined;
  #signOfLifeAtMs = performance.now();

  constructor(
    address: BrokerAddress,
    private readonly metadata: LogMetadata,
    private readonly subscription: Subscription,
    private readonly times: SubscribeTimes,
    private readonly logger: EventLogLogger,
  ) {
    // Whoever wants to know waits for `ended`; nobody has to.
    this.#ended.promise.catch(() => undefined);
    this.#holdBackOff = { minMs: times.holdMinMs, maxMs: times.holdMaxMs };
    const client = kafkaClient(address, logger);
    // kafkajs restarts a consumer that crashed over something retriable, even one that is being closed.
    const restarts = (): boolean => this.#stopped === undefined;
    this.#consumer = groupConsumer(client, subscription.group, times, restarts);
    this.#ranges = (topic) => metadata.ranges(topic);
    this.#lanes = new LaneWork({
      consumer: this.#consumer,
      subscription,
      ranges: this.#ranges,
      holdBackOff: this.#holdBackOff,
      say: (level, fields, message) => this.#say(level, fields, message),
      fail: (error) => this.#fail(error),
    });
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Joins the group. Rejects with TOPIC_MISSING or EVENT_LOG_UNAVAILABLE. */
  async start(): Promise<void> {
    const { group, topics } = this.subscription;
    this.#listen();
    try {
      for (const topic of topics) await this.metadata.partitionCount(topic);
      await this.#consumer.connect();
      // Never from the end: if kafkajs resets a position by itself, it must not skip records in silence.
      await this.#consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await this.#consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: this.times.partitionsConsumedConcurrently,
        eachBatch: (payload) => this.#lanes.work(payload, this.#generation),
      });
    } catch (cause) {
      this.#joining.end();
      await this.close();
      if (cause instanceof SamspillError) throw cause;
      throw new SamspillError('EVENT_LOG_UNAVAILABLE', { place: group, cause });
    }
  }

  isAlive(): boolean {
    const silentForMs = performance.now() - this.#signOfLifeAtMs;
    return this.#stopped === undefined && silentForMs < this.times.aliveWithinMs;
  }

  async close(): Promise<void> {
    await this.#stop();
    this.#ended.resolve(undefined);
  }

  #listen(): void {
    const { events } = this.#consumer;
    const signOfLife = (): void => {
      this.#signOfLifeAtMs = performance.now();
    };
    this.#consumer.on(events.FETCH, signOfLife);
    this.#consumer.on(events.HEARTBEAT, signOfLife);
    this.#consumer.on(events.GROUP_JOIN, ({ payload }) => this.#joined(payload.memberAssignment));
    // Also before kafkajs restarts a consumer: until it joins again there is nothing to pause or resume.
    this.#consumer.on(events.STOP, () => this.#generation.end());
    this.#consumer.on(events.END_BATCH_PROCESS, ({ payload }) => {
      // kafkajs steps over a fetch of control records alone without asking the handler; the lane steps along.
      const lane = this.#generation.lane(payload.topic, payload.partition);
      if (payload.batchSize === 0 && lane !== undefined) lane.next = Number(payload.lastOffset) + 1;
    });
    this.#consumer.on(events.CRASH, ({ payload }) => {
      this.#joining.end();
      if (payload.restart) {
        this.#joining.begin();
        signOfLife();
      }
      if (payload.restart || this.#stopped !== undefined) return;
      const details = { place: this.subscription.group, cause: payload.error };
      this.#fail(new SamspillError('EVENT_LOG_UNAVAILABLE', details));
    });
  }

  /** Runs before kafkajs fetches for the new generation. */
  #joined(assignment: Readonly<Record<string, readonly number[]>>): void {
    this.#joining.end();
    this.#generation.end();
    const generation = new Generation(
      Object.entries(assignment).flatMap(([topic, partitions]) =>
        partitions.map((partition) => ({ topic, partition })),
      ),
    );
    this.#generation = generation;
    this.#consumer.pause(generation.lanes.map(asTopicPartitions));
    // One after the other: an older claim that came late would fence the newer one.
    this.#claims = this.#claims.then(() => this.#claim(generation));
  }

  async #claim(generation: Generation): Promise<void> {
    const { lanes, signal } = generation;
    if (lanes.length === 0) return;
    try {
      const offsets = await claimOffsets(this.subscription, lanes, {
        ranges: this.#ranges,
        backOff: this.#holdBackOff,
        over: signal,
        onRetry: (attempt) => this.#say('warn', { attempt }, 'claim failed; trying again'),
      });
      if (offsets === undefined || generation.isOver()) return;
      lanes.forEach((lane, index) => this.#lanes.moveTo(lane, offsets[index] ?? 0));
      this.#consumer.resume(lanes.map(asTopicPartitions));
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#stopped !== undefined) return;
    this.#say('error', { reason: codeOf(error) }, 'subscription ends');
    // Not awaited: the stop waits for the batch in whose handler we may be.
    void this.#stop().then(() => this.#ended.reject(error));
  }

  #stop(): Promise<void> {
    return (this.#stopped ??= this.#joining
      .over()
      .then(() => this.#consumer.disconnect())
      .then(() => this.#forgetGroup())
      .catch((error: unknown) => this.#say('debug', { reason: String(error) }, 'disconnect failed'))
      .finally(() => this.#generation.end()));
  }

  /** Nobody waits long for it: where nothing is committed, Kafka forgets an empty group by itself within minutes. */
  async #forgetGroup(): Promise<void> {
    const { group, isOwnGroup } = this.subscription;
    if (isOwnGroup) await within(forgetWithinMs, this.metadata.deleteGroup(group));
  }

  #say(level: keyof EventLogLogger, fields: object, message: string): void {
    this.logger[level]({ group: this.subscription.group, ...fields }, message);
  }
}

const asTopicPartitions = ({ topic, partition }: Lane) => ({ topic, partitions: [partition] });

/** The text of an unknown error could carry content of a record, so only its name is said. */
const codeOf = (error: unknown): string => {
  if (error instanceof SamspillError) return error.message;
  return error instanceof Error ? error.name : typeof error;
};
