import type { EventLog, PartitionReader, RunningSubscription } from '../event-log.ts';
import { tracedPublisher } from '../traced-publisher.ts';
import { acknowledges } from './acknowledges.ts';
import type { BrokerAddress } from './kafka-client.ts';
import { KafkaReader } from './kafka-reader.ts';
import { silentLogger, type EventLogLogger } from './kafkajs-log.ts';
import { LogMetadata } from './log-metadata.ts';
import { KafkaPublisher, publishDefaults, type PublishLimits } from './publisher.ts';
import type { QueueFill } from './queue-room.ts';
import { sparingLogger } from './sparing-logger.ts';
import { subscribeDefaults, type SubscribeTimes } from './subscribe-times.ts';
import { KafkaSubscriber } from './subscriber.ts';
import { toldPublisher, type PublishedCall } from './told-publisher.ts';

export interface KafkaEventLogOptions extends BrokerAddress {
  readonly logger?: EventLogLogger;
  readonly publish?: Partial<PublishLimits>;
  readonly subscribe?: Partial<SubscribeTimes>;
  /** After each call of `publish` that was answered, once a topic. */
  readonly onPublish?: (call: PublishedCall) => void;
}

export interface KafkaEventLog extends EventLog {
  /** The queue of each publisher. */
  queues(): QueueFill[];
}

/** The event log on Kafka. Nothing is connected until it is used. */
export function kafkaEventLog(options: KafkaEventLogOptions): KafkaEventLog {
  const { publish, subscribe, onPublish, logger: given = silentLogger, ...address } = options;
  const logger = sparingLogger(given);
  const metadata = new LogMetadata(address, logger);
  const publishers: KafkaPublisher[] = [];
  const subscriptions: RunningSubscription[] = [];
  const readers = new Set<PartitionReader>();
  const times = { ...subscribeDefaults, ...subscribe };
  return {
    publisher: () => {
      const limits = { ...publishDefaults, ...publish };
      const publisher = new KafkaPublisher(address, metadata, limits, logger);
      publishers.push(publisher);
      const traced = tracedPublisher(publisher);
      return onPublish === undefined ? traced : toldPublisher(traced, onPublish);
    },
    subscribe: async (subscription) => {
      const running = new KafkaSubscriber(address, metadata, subscription, times, logger);
      subscriptions.push(running);
      await running.start();
      return running;
    },
    reader: async (what) => {
      const reader = new KafkaReader(address, metadata, what, times, logger, () =>
        readers.delete(reader),
      );
      readers.add(reader);
      await reader.start();
      return reader;
    },
    queues: () => publishers.map(({ queue }) => queue),
    ranges: (topic) => metadata.ranges(topic),
    acknowledges: (topic) => acknowledges(topic, metadata),
    offsetsAt: (topic, timeMs) => metadata.offsetsAt(topic, timeMs),
    clusterId: () => metadata.clusterId(),
    close: async () => {
      await Promise.all([...publishers, ...subscriptions, ...readers].map((part) => part.close()));
      await metadata.close();
    },
  };
}
