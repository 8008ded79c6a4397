import type { EventId, Position, Pseudonym } from '@samspill/kernel';

/**
 * Terms: a *record* lies on a partition of a topic at an offset; its *key* is the patient's pseudonym and decides
 * the partition, hence the order; its *value* is in Confluent wire format.
 */

/** An event ready for the log. The value is final: it is not looked into again. */
export interface OutgoingEvent {
  readonly topic: string;
  readonly key: Pseudonym;
  /** `ce_id` */
  readonly id: EventId;
  /** `ce_type`: the Avro full name. */
  readonly type: string;
  /** `ce_source`: `urn:samspill:<orgnr>:<domain>` */
  readonly source: string;
  readonly value: Buffer;
  /** The trace that it belongs to, in W3C form; that of the caller of `publish` unless given. */
  readonly traceparent?: string;
}

/** A record as it was read from the log. Header values are undefined where the record lacks them. */
export interface LoggedRecord extends Position {
  readonly key: string | undefined;
  readonly id: string | undefined;
  readonly type: string | undefined;
  readonly source: string | undefined;
  /** Null is a tombstone. */
  readonly value: Buffer | null;
  /** Milliseconds since the epoch, as the broker holds them. */
  readonly timestampMs: number;
  /** The trace that it belongs to, as it stands in the header. */
  readonly traceparent?: string | undefined;
}

/** What may be written to the log. */
export interface EventPublisher {
  /**
   * Publishes each event and answers with their positions, in the order given, once the log has acknowledged all.
   * Events of one key keep the order in which `publish` was called.
   * Rejects with EVENT_LOG_OVERLOADED (nothing was sent), or {@link PublishOutcomeUnknown} past the deadline.
   */
  publish(events: readonly OutgoingEvent[]): Promise<Position[]>;
  /** Sends what is queued, then disconnects. */
  close(): Promise<void>;
}

/** One partition's records of one fetch. */
export interface EventBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly LoggedRecord[];
  /** Where the fetch began: all that the partition holds from here to `nextOffset` is in `records`. */
  readonly fromOffset: number;
  /** The offset after the last record of the fetch, holes included. */
  readonly nextOffset: number;
  /** False once the partition was lost or the position moved: stop working on this batch. */
  isCurrent(): boolean;
  /** Keeps the membership alive during long work. Rejects when the group is being rebalanced: let it pass. */
  heartbeat(): Promise<void>;
}

export interface PartitionOfTopic {
  readonly topic: string;
  readonly partition: number;
}

export interface Subscription {
  readonly topics: readonly string[];
  /** Consumer group `<app>.<read-model>`. */
  readonly group: string;
  /** The group is this member's alone and of no use to anybody later: it commits nothing, and takes it away at its close. */
  readonly isOwnGroup?: boolean;
  /** Claims partitions on assignment; answers with the offset to read from, per partition given, in that order. */
  claim(partitions: readonly PartitionOfTopic[]): Promise<readonly number[]>;
  /**
   * Works one batch. `done`: everything is applied, read on. `again`: hold this partition and deliver the same
   * again after a pause. A rejection ends the subscription (a fault of ours), except that of `heartbeat`.
   */
  handle(batch: EventBatch): Promise<'done' | 'again'>;
}

export interface RunningSubscription {
  /** Resolves when the subscription ended by `close`, rejects when it died. */
  readonly ended: Promise<void>;
  /**
   * True while the consumer fetches, heartbeats, or tries to reach the log again: a log that is away comes back without
   * a restart of its readers.
   */
  isAlive(): boolean;
  /** Finishes the running batch, then leaves the group. */
  close(): Promise<void>;
}

/** A partition to be read from an offset on, outside of any consumer's position. */
export interface ReadFrom extends PartitionOfTopic {
  /** 0, or an offset up to the end of the log. */
  readonly from: number;
  /** Whose reading it is, for errors and logs: the name of the app, then dots. */
  readonly name: string;
}

/** The next records of a partition, in order. */
export interface RecordsRead {
  readonly records: readonly LoggedRecord[];
  /** The offset after them, holes included. All from the last answer's to this one is in `records`. */
  readonly nextOffset: number;
}

/** Reads one partition at the pace of its caller and leaves no position behind. */
export interface PartitionReader {
  /**
   * The next records; waits until there are some. One call at a time. Rejects with EVENT_LOG_UNAVAILABLE when the reader
   * broke or was closed (open another one), with LOG_DATABASE_MISMATCH when the log holds the next records no longer.
   */
  read(): Promise<RecordsRead>;
  close(): Promise<void>;
}

/** Start (inclusive) and end (exclusive) of what a partition holds. */
export interface PartitionRange extends PartitionOfTopic {
  readonly start: number;
  readonly end: number;
}

/** The event log: Kafka in the mesh, memory in unit tests. Both pass the contract suite. */
export interface EventLog {
  publisher(): EventPublisher;
  subscribe(subscription: Subscription): Promise<RunningSubscription>;
  /** Rejects with TOPIC_MISSING, EVENT_LOG_UNAVAILABLE, or LOG_DATABASE_MISMATCH where the log does not hold the offset. */
  reader(what: ReadFrom): Promise<PartitionReader>;
  ranges(topic: string): Promise<PartitionRange[]>;
  /**
   * Resolves where each partition of the topic could acknowledge now, as far as can be told without writing to it. Rejects
   * with EVENT_LOG_UNAVAILABLE or TOPIC_MISSING.
   */
  acknowledges(topic: string): Promise<void>;
  /**
   * The offset of the first record of each partition that is not older than that moment; its end where none is. Rejects as
   * `ranges` does.
   */
  offsetsAt(topic: string, timeMs: number): Promise<ReadonlyMap<number, number>>;
  /** Names the log; another id means another log. */
  clusterId(): Promise<string>;
  close(): Promise<void>;
}
