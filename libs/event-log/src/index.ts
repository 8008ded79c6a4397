export {
  type EventBatch,
  type EventLog,
  type EventPublisher,
  type LoggedRecord,
  type OutgoingEvent,
  type PartitionOfTopic,
  type PartitionRange,
  type PartitionReader,
  type ReadFrom,
  type RecordsRead,
  type RunningSubscription,
  type Subscription,
} from './event-log.ts';
export { assertWithinLog } from './claim.ts';
export { PublishOutcomeUnknown } from './publish-outcome-unknown.ts';
export { partitionOf } from './partition.ts';
export { followTopic, type FollowedTopic } from './follow-topic.ts';
export {
  kafkaEventLog,
  type KafkaEventLog,
  type KafkaEventLogOptions,
} from './kafka/kafka-event-log.ts';
export type { PublishedCall } from './kafka/told-publisher.ts';
export type { QueueFill } from './kafka/queue-room.ts';
export { ensureTopics, type TopicSettings } from './kafka/ensure-topics.ts';
export { topicDifferences, type TopicDifference } from './kafka/topic-differences.ts';
export { toKafkaMessage } from './kafka/kafka-record.ts';
export { loggerBy, type EventLogLogger } from './kafka/kafkajs-log.ts';
export { sparingLogger } from './kafka/sparing-logger.ts';
export {
  memoryEventLog,
  type MemoryEventLog,
  type MemoryEventLogOptions,
  type RecordToAppend,
} from './memory/memory-event-log.ts';
