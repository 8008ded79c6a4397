import type { EachBatchPayload } from 'kafkajs';
import type { EventBatch, LoggedRecord } from '../event-log.ts';
import type { Generation } from '../generation.ts';
import { recordsOf } from './kafka-record.ts';

/** One fetched batch on its way through the handler. */
export class Delivery implements EventBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly LoggedRecord[];
  readonly fromOffset: number;
  readonly nextOffset: number;
  /** The error of the heartbeat that failed during the work; it belongs to kafkajs, which rejoins over it. */
  lostHeartbeat: Error | undefined;

  constructor(
    private readonly payload: EachBatchPayload,
    private readonly generation: Generation,
  ) {
    const { topic, partition } = payload.batch;
    this.topic = topic;
    this.partition = partition;
    this.records = recordsOf(payload.batch);
    this.fromOffset = fetchedFrom(payload.batch);
    this.nextOffset = Number(payload.batch.lastOffset()) + 1;
  }

  /** Stays true while the subscription closes: the running batch is finished. */
  isCurrent(): boolean {
    return !this.generation.isOver() && !this.payload.isStale();
  }

  async heartbeat(): Promise<void> {
    try {
      await this.payload.heartbeat();
    } catch (error) {
      this.lostHeartbeat = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }
}

/** Where the fetch of a batch began. kafkajs holds it, its types leave it out. */
export const fetchedFrom = (batch: EachBatchPayload['batch']): number =>
  Number((batch as { readonly fetchedOffset?: string | number }).fetchedOffset);
