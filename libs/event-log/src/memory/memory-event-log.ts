import { randomUUID } from 'node:crypto';
import {
  SamspillError,
  systemClock,
  type BackOff,
  type Clock,
  type Position,
} from '@samspill/kernel';
import type {
  EventLog,
  EventPublisher,
  LoggedRecord,
  OutgoingEvent,
  PartitionOfTopic,
  PartitionRange,
  PartitionReader,
} from '../event-log.ts';
import { assertWithinLog } from '../claim.ts';
import { bytesOfEvent } from '../event-size.ts';
import { partitionOf } from '../partition.ts';
import { tracedPublisher } from '../traced-publisher.ts';
import { MemoryGroup } from './memory-group.ts';
import { MemoryMember } from './memory-member.ts';
import { MemoryPartition } from './memory-partition.ts';
import { memoryReader } from './memory-reader.ts';

export interface MemoryEventLogOptions {
  /** Partition count of each topic. */
  readonly topics?: Readonly<Record<string, number>>;
  readonly clusterId?: string;
  readonly clock?: Clock;
  readonly batchRecordsMax?: number;
  /** Pause before a batch comes again; short unless told, since nobody waits for the world in a unit test. */
  readonly holdBackOff?: BackOff;
}

/** Written now unless it says when. */
export type RecordToAppend = Omit<LoggedRecord, 'partition' | 'offset' | 'timestampMs'> &
  Partial<Pick<LoggedRecord, 'timestampMs'>>;

export interface MemoryEventLog extends EventLog {
  createTopic(topic: string, partitions: number): void;
  /** Appends any record, also one that no publisher would write: a tombstone, one without headers. */
  append(record: RecordToAppend): Position;
}

/** The event log in memory, for unit tests. It passes the same contract suite as the one on Kafka. */
export function memoryEventLog(options: MemoryEventLogOptions = {}): MemoryEventLog {
  const { clock = systemClock, clusterId = randomUUID() } = options;
  const { batchRecordsMax = 500, holdBackOff = { minMs: 1, maxMs: 50 } } = options;
  const topics = new Map<string, readonly MemoryPartition[]>();
  const groups = new Map<string, MemoryGroup>();
  const members = new Set<MemoryMember>();
  const readers = new Set<PartitionReader>();

  const createTopic = (topic: string, partitions: number): void => {
    if (topics.has(topic)) return;
    topics.set(
      topic,
      Array.from({ length: partitions }, () => new MemoryPartition()),
    );
  };
  Object.entries(options.topics ?? {}).forEach(([topic, count]) => createTopic(topic, count));

  const partitionsOf = (topic: string): readonly MemoryPartition[] => {
    const partitions = topics.get(topic);
    if (partitions === undefined) throw new SamspillError('TOPIC_MISSING', { place: topic });
    return partitions;
  };
  const partitionAt = ({ topic, partition }: PartitionOfTopic): MemoryPartition => {
    const found = partitionsOf(topic)[partition];
    if (found === undefined) throw new SamspillError('TOPIC_MISSING', { place: topic });
    return found;
  };

  // The reading of the map is inside the promise, so that a missing topic rejects and does not throw.
  const ranges = (topic: string): Promise<PartitionRange[]> =>
    Promise.resolve().then(() =>
      partitionsOf(topic).map(({ end }, partition) => ({ topic, partition, start: 0, end })),
    );

  const append = (record: RecordToAppend): Position => {
    const { topic, key } = record;
    const partition = key === undefined ? 0 : partitionOf(key, partitionsOf(topic).length);
    const lane = partitionAt({ topic, partition });
    const position = { topic, partition, offset: lane.end };
    lane.append({ timestampMs: clock().getTime(), ...record, ...position });
    return position;
  };

  const groupOf = (name: string): MemoryGroup => {
    const group = groups.get(name) ?? new MemoryGroup((topic) => partitionsOf(topic).length);
    groups.set(name, group);
    return group;
  };

  return {
    createTopic,
    append,
    publisher: () => tracedPublisher(memoryPublisher(append, partitionsOf)),
    subscribe: async (subscription) => {
      subscription.topics.forEach(partitionsOf);
      const group = groupOf(subscription.group);
      const member = new MemoryMember(subscription, {
        holdBackOff,
        batchRecordsMax,
        ranges,
        partition: partitionAt,
        leave: (one) => group.leave(one),
      });
      members.add(member);
      await group.join(member);
      return member;
    },
    reader: async (what) => {
      await assertWithinLog(ranges, [what], [what.from]);
      const reader = memoryReader(partitionAt(what), what.from, batchRecordsMax);
      readers.add(reader);
      return reader;
    },
    ranges,
    acknowledges: (topic) => ranges(topic).then(() => undefined),
    offsetsAt: (topic, timeMs) =>
      Promise.resolve().then(
        () => new Map(partitionsOf(topic).map((lane, at) => [at, lane.offsetAt(timeMs)])),
      ),
    clusterId: () => Promise.resolve(clusterId),
    close: async () => {
      await Promise.all([...members, ...readers].map((part) => part.close()));
    },
  };
}

function memoryPublisher(
  append: (record: RecordToAppend) => Position,
  assertTopic: (topic: string) => void,
): EventPublisher {
  let closed = false;
  return {
    publish: (events: readonly OutgoingEvent[]) =>
      new Promise((resolve) => {
        if (closed) {
          throw new SamspillError('EVENT_LOG_UNAVAILABLE', { place: 'publisher, which is closed' });
        }
        // All that can be refused is refused before the first is written.
        events.forEach((event) => {
          assertTopic(event.topic);
          bytesOfEvent(event);
        });
        resolve(events.map((event) => append(event)));
      }),
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
}
