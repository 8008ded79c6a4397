/** How events are handed over: to our publisher, or to plain kafkajs, which its caller has to give batches. */
export type Way = 'ours' | 'kafkajs';

export interface PublisherSetting {
  readonly brokers: readonly string[];
  readonly way: Way;
}

export interface PublishOrder {
  readonly topic: string;
  readonly events: number;
  /** Events of one call. */
  readonly batch: number;
}

export type PublisherOrders = {
  /** Makes events; then publishes them as fast as they are acknowledged. Answers with the milliseconds that publishing took. */
  readonly publish: (given: PublishOrder) => Promise<number>;
  readonly end: () => Promise<void>;
};
