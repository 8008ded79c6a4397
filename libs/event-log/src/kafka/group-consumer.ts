import type { Consumer, Kafka } from 'kafkajs';
import type { SubscribeTimes } from './subscribe-times.ts';

/** A consumer of a group; after a crash it is asked whether kafkajs `restarts` it. */
export const groupConsumer = (
  client: Kafka,
  groupId: string,
  times: SubscribeTimes,
  restarts: () => boolean,
): Consumer =>
  client.consumer({
    groupId,
    sessionTimeout: times.sessionTimeoutMs,
    rebalanceTimeout: times.rebalanceTimeoutMs,
    heartbeatInterval: times.heartbeatIntervalMs,
    maxWaitTimeInMs: times.fetchWaitMs,
    maxBytes: times.fetchBytesMax,
    maxBytesPerPartition: times.fetchBytesPerPartitionMax,
    allowAutoTopicCreation: false,
    retry: { restartOnFailure: () => Promise.resolve(restarts()) },
  });
