import { Kafka, logLevel } from 'kafkajs';
import { patchIdleTimer } from './idle-timer-patch.ts';
import { kafkajsLog, type EventLogLogger } from './kafkajs-log.ts';

export interface BrokerAddress {
  /** `host:port` of one broker or more. */
  readonly brokers: readonly string[];
  readonly clientId: string;
}

/**
 * A kafkajs client. One for each use: clients keep the committed offsets of a group in a map that two consumers of the
 * same group would overwrite for each other.
 */
export function kafkaClient({ brokers, clientId }: BrokerAddress, logger: EventLogLogger): Kafka {
  patchIdleTimer();
  return new Kafka({
    brokers: [...brokers],
    clientId,
    logLevel: logLevel.INFO,
    logCreator: kafkajsLog(logger),
    // One second, the default, is short on a busy machine; half-open connections should not hold for 30 s.
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: { retries: 4, initialRetryTime: 100, maxRetryTime: 1_000 },
  });
}
