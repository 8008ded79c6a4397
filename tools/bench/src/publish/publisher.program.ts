// Publishes events as fast as they are acknowledged: by our publisher, or by plain kafkajs with the same guarantees (acks -1, idempotent).
import {
  kafkaEventLog,
  partitionOf,
  toKafkaMessage,
  type OutgoingEvent,
} from '@samspill/event-log';
import { Kafka, logLevel } from 'kafkajs';
import { givenSetting, serveOrders } from '../programs/serve-orders.ts';
import { partitions } from '../rows/row-product.ts';
import type { PublisherOrders, PublisherSetting } from './publisher-orders.ts';
import { sealedObservations } from './sealed-observations.ts';

const { brokers, way } = givenSetting() as PublisherSetting;

interface Publishing {
  /** Resolves when all are acknowledged. */
  publish(batch: readonly OutgoingEvent[]): Promise<unknown>;
  /** Calls that are open at once. */
  readonly callers: number;
  close(): Promise<void>;
}

function ours(): Publishing {
  const eventLog = kafkaEventLog({ brokers, clientId: 'bench' });
  const publisher = eventLog.publisher();
  return {
    // So that the next events are there while others are under way; its queue holds five times as many.
    callers: 8,
    publish: (batch) => publisher.publish(batch),
    close: () => eventLog.close(),
  };
}

async function plainKafkajs(): Promise<Publishing> {
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'bench', logLevel: logLevel.ERROR });
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  return {
    // Two calls at once of an idempotent producer of kafkajs wait for each other, and can lose events.
    callers: 1,
    publish: (batch) => {
      const [first] = batch;
      const messages = batch.map((event) =>
        toKafkaMessage(event, partitionOf(event.key, partitions)),
      );
      return producer.send({ topic: first?.topic ?? '', acks: -1, messages });
    },
    close: () => producer.disconnect(),
  };
}

const publishing = way === 'ours' ? ours() : await plainKafkajs();

const orders: PublisherOrders = {
  publish: async ({ topic, events, batch }) => {
    const all = [...sealedObservations(topic).take(events)];
    const began = performance.now();
    let next = 0;
    const caller = async (): Promise<void> => {
      while (next < events) {
        const from = next;
        next += batch;
        await publishing.publish(all.slice(from, next));
      }
    };
    await Promise.all(Array.from({ length: publishing.callers }, caller));
    return performance.now() - began;
  },
  end: () => publishing.close(),
};
serveOrders(orders);
