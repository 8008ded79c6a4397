import { SamspillError, isRetriable } from '@samspill/kernel';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { backOffMs, pause, type BackOff } from '../back-off.ts';
import { assertWithinLog, claimOffsets } from '../claim.ts';
import type { PartitionOfTopic, RunningSubscription, Subscription } from '../event-log.ts';
import { Delivery, fetchedFrom } from './delivery.ts';
import { Generation, type Lane } from '../generation.ts';
import { Joining } from './joining.ts';
import { kafkaClient, type BrokerAddress } from './kafka-client.ts';
import type { EventLogLogger } from './kafkajs-log.ts';
import type { LogMetadata } from './log-metadata.ts';
import type { SubscribeTimes } from './subscribe-times.ts';

/**
 * One member of a consumer group. Positions come from the claims alone; what Kafka has committed is for dashboards
 * (engine guide 8.2). On every rebalance all partitions are paused, claimed, moved to the claimed offsets, resumed.
 */
export class KafkaSubscriber implements RunningSubscription {
  readonly #consumer: Consumer;
  readonly #ended = Promise.withResolvers<undefined>();
  readonly #joining = new Joining();
  readonly #holdBackOff: BackOff;
  #generation = new Generation([]);
  #claims = Promise.resolve();
  #stopped: Promise<void> | undefined;
  #signOfLifeAtMs = Date.now();

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
    this.#consumer = kafkaClient(address, logger).consumer({
      groupId: subscription.group,
      sessionTimeout: times.sessionTimeoutMs,
      rebalanceTimeout: times.rebalanceTimeoutMs,
      heartbeatInterval: times.heartbeatIntervalMs,
      maxWaitTimeInMs: times.fetchWaitMs,
      maxBytes: times.fetchBytesMax,
      maxBytesPerPartition: times.fetchBytesPerPartitionMax,
      allowAutoTopicCreation: false,
      // kafkajs restarts a consumer that crashed over something retriable, even one that is being closed.
      retry: { restartOnFailure: () => Promise.resolve(this.#stopped === undefined) },
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
        eachBatch: (payload) => this.#work(payload),
      });
    } catch (cause) {
      this.#joining.end();
      await this.close();
      if (cause instanceof SamspillError) throw cause;
      throw new SamspillError('EVENT_LOG_UNAVAILABLE', { place: group, cause });
    }
  }

  isAlive(): boolean {
    const silentForMs = Date.now() - this.#signOfLifeAtMs;
    return this.#stopped === undefined && silentForMs < this.times.aliveWithinMs;
  }

  async close(): Promise<void> {
    await this.#stop();
    this.#ended.resolve(undefined);
  }

  #listen(): void {
    const { events } = this.#consumer;
    const signOfLife = (): void => {
      this.#signOfLifeAtMs = Date.now();
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
      if (payload.restart) this.#joining.begin();
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
        ranges: (topic) => this.metadata.ranges(topic),
        backOff: this.#holdBackOff,
        over: signal,
        onRetry: (attempt) => this.#say('warn', { attempt }, 'claim failed; trying again'),
      });
      if (offsets === undefined || generation.isOver()) return;
      lanes.forEach((lane, index) => this.#moveTo(lane, offsets[index] ?? 0));
      this.#consumer.resume(lanes.map(asTopicPartitions));
    } catch (error) {
      this.#fail(error);
    }
  }

  async #work(payload: EachBatchPayload): Promise<void> {
    const generation = this.#generation;
    const lane = generation.lane(payload.batch.topic, payload.batch.partition);
    if (lane?.next === undefined) return;
    if (fetchedFrom(payload.batch) !== lane.next) return this.#moveBack(lane, lane.next);
    const delivery = new Delivery(payload, generation);
    const outcome = await this.#outcomeOf(delivery);
    // The batch is dropped, kafkajs joins the group again, and the next claim says where to read on.
    if (delivery.lostHeartbeat !== undefined) throw delivery.lostHeartbeat;
    if (!delivery.isCurrent()) return;
    if (outcome === 'again') this.#hold(lane, generation);
    if (outcome === 'done') await this.#advance(lane, payload, delivery.nextOffset);
  }

  async #outcomeOf(delivery: Delivery): Promise<'done' | 'again' | undefined> {
    try {
      return await this.subscription.handle(delivery);
    } catch (error) {
      if (delivery.lostHeartbeat === undefined) this.#fail(error);
      return undefined;
    }
  }

  async #advance(lane: Lane, payload: EachBatchPayload, nextOffset: number): Promise<void> {
    lane.next = nextOffset;
    lane.heldTimes = 0;
    payload.resolveOffset(payload.batch.lastOffset());
    const { topic, partition } = lane;
    const partitions = [{ partition, offset: String(nextOffset) }];
    try {
      await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions }] });
    } catch (error) {
      // Kafka's copy of the position is for dashboards; the next batch brings it up to date.
      this.#say('debug', { topic, partition, reason: String(error) }, 'position not committed');
    }
  }

  /** Delivers the same again after a pause of this partition alone; the membership lives on meanwhile. */
  #hold(lane: Lane, generation: Generation): void {
    const held = [asTopicPartitions(lane)];
    this.#consumer.pause(held);
    const ms = backOffMs(lane.heldTimes, this.#holdBackOff);
    lane.heldTimes += 1;
    void pause(ms, generation.signal).then((elapsed) => {
      if (elapsed) this.#consumer.resume(held);
    });
  }

  /** kafkajs lost the position, as it does when it finds an offset out of range: never go on over a gap. */
  async #moveBack(lane: Lane, offset: number): Promise<void> {
    this.#say('warn', { ...partitionOfLane(lane), offset }, 'read position lost; moving back');
    try {
      await assertWithinLog((topic) => this.metadata.ranges(topic), [lane], [offset]);
    } catch (error) {
      if (!isRetriable(error)) {
        this.#fail(error);
        return;
      }
    }
    this.#moveTo(lane, offset);
  }

  #moveTo(lane: Lane, offset: number): void {
    lane.next = offset;
    this.#consumer.seek({ ...partitionOfLane(lane), offset: String(offset) });
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
      .catch((error: unknown) => this.#say('debug', { reason: String(error) }, 'disconnect failed'))
      .finally(() => this.#generation.end()));
  }

  #say(level: keyof EventLogLogger, fields: Record<string, unknown>, message: string): void {
    this.logger[level]({ group: this.subscription.group, ...fields }, message);
  }
}

const partitionOfLane = ({ topic, partition }: Lane): PartitionOfTopic => ({ topic, partition });

const asTopicPartitions = ({ topic, partition }: Lane) => ({ topic, partitions: [partition] });

/** The text of an unknown error could carry content of a record, so only its name is said. */
const codeOf = (error: unknown): string => {
  if (error instanceof SamspillError) return error.message;
  return error instanceof Error ? error.name : typeof error;
};
