import { backOffMs, pause, within, type BackOff } from '@samspill/kernel';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { assertStillWithinLog } from '../claim.ts';
import type { EventLog, Subscription } from '../event-log.ts';
import type { Generation, Lane } from '../generation.ts';
import { Delivery, fetchedFrom } from './delivery.ts';

const commitWaitMs = 500;

export interface LaneSurroundings {
  readonly consumer: Pick<Consumer, 'pause' | 'resume' | 'seek'>;
  readonly subscription: Subscription;
  readonly ranges: EventLog['ranges'];
  readonly holdBackOff: BackOff;
  readonly say: (level: 'debug' | 'warn', fields: object, message: string) => void;
  /** Ends the subscription with this error. */
  readonly fail: (error: unknown) => void;
}

/** What becomes of a fetched batch: handled, then advanced over, held, or dropped. */
export class LaneWork {
  constructor(private readonly given: LaneSurroundings) {}

  /** Rejects only with the error of a heartbeat, which belongs to kafkajs. */
  async work(payload: EachBatchPayload, generation: Generation): Promise<void> {
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

  moveTo(lane: Lane, offset: number): void {
    const { topic, partition } = lane;
    lane.next = offset;
    this.given.consumer.seek({ topic, partition, offset: String(offset) });
  }

  async #outcomeOf(delivery: Delivery): Promise<'done' | 'again' | undefined> {
    try {
      return await this.given.subscription.handle(delivery);
    } catch (error) {
      if (delivery.lostHeartbeat === undefined) this.given.fail(error);
      return undefined;
    }
  }

  async #advance(lane: Lane, payload: EachBatchPayload, nextOffset: number): Promise<void> {
    lane.next = nextOffset;
    lane.heldTimes = 0;
    payload.resolveOffset(payload.batch.lastOffset());
    await this.#commit(lane, payload);
  }

  /**
   * Kafka's copy of the position is for dashboards: reading waits for it half a second at most, and the next batch brings
   * it up to date. While the coordinator does not answer, none is sent behind the first.
   */
  async #commit(lane: Lane, payload: EachBatchPayload): Promise<void> {
    if (lane.isCommitting || this.given.subscription.isOwnGroup) return;
    lane.isCommitting = true;
    const { topic, partition, next } = lane;
    const partitions = [{ partition, offset: String(next) }];
    const committed = payload
      .commitOffsetsIfNecessary({ topics: [{ topic, partitions }] })
      .catch((error: unknown) =>
        this.given.say('debug', { topic, partition, reason: String(error) }, 'not committed'),
      )
      .finally(() => {
        lane.isCommitting = false;
      });
    await within(commitWaitMs, committed);
  }

  /** Delivers the same again after a pause of this partition alone; the membership lives on meanwhile. */
  #hold(lane: Lane, generation: Generation): void {
    const { consumer, holdBackOff } = this.given;
    const held = [{ topic: lane.topic, partitions: [lane.partition] }];
    consumer.pause(held);
    const ms = backOffMs(lane.heldTimes, holdBackOff);
    lane.heldTimes += 1;
    void pause(ms, generation.signal).then((elapsed) => {
      if (elapsed) consumer.resume(held);
    });
  }

  /** kafkajs lost the position, as it does when it finds an offset out of range: never go on over a gap. */
  async #moveBack(lane: Lane, offset: number): Promise<void> {
    const { topic, partition } = lane;
    this.given.say('warn', { topic, partition, offset }, 'read position lost; moving back');
    await assertStillWithinLog(this.given.ranges, [lane], [offset]).then(
      () => this.moveTo(lane, offset),
      this.given.fail,
    );
  }
}
