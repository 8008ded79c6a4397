import type { EventLog, LoggedRecord } from '../event-log.ts';

export type BareRecord = Pick<LoggedRecord, 'key' | 'value'>;

/** An event log under test, with what the port leaves to other hands. */
export interface ContractLog {
  readonly log: EventLog;
  /** Makes a topic of a new name. */
  readonly createTopic: (partitions: number) => Promise<string>;
  /** Writes a record that no publisher of ours would write: a null value, or without headers. */
  readonly appendBare: (topic: string, record: BareRecord) => Promise<void>;
}
