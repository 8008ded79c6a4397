import { Kafka, logLevel } from 'kafkajs';
import { patchFetchDecode } from './fetch-decode-patch.ts';
import { patchIdleTimer } from './idle-timer-patch.ts';
import { kafkajsLog, type EventLogLogger } from './kafkajs-log.ts';
import { patchLeftovers } from './leftover-patch.ts';
import { patchMembership } from './membership-patch.ts';
import { watchedSockets } from './silence-watch.ts';

export interface BrokerAddress {
  /** `host:port` of one broker or more. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** After this without an answer a request counts as lost; a broker that is silent altogether is given up earlier. */
  readonly requestTimeoutMs?: number;
}

/**
 * A kafkajs client. One for each use: clients keep the committed offsets of a group in a map that two consumers of the
 * same group would overwrite for each other.
 */
export function kafkaClient(address: BrokerAddress, logger: EventLogLogger): Kafka {
  const { brokers, clientId, requestTimeoutMs = 15_000 } = address;
  patchFetchDecode();
  patchIdleTimer();
  patchLeftovers();
  patchMembership();
  return new Kafka({
    brokers: [...brokers],
    clientId,
    logLevel: logLevel.INFO,
    logCreator: kafkajsLog(logger),
    socketFactory: watchedSockets((silence) =>
      logger.warn(silence, 'broker does not answer; connection given up'),
    ),
    // One second, the default, is short on a busy machine.
    connectionTimeout: 3_000,
    requestTimeout: requestTimeoutMs,
    retry: { retries: 4, initialRetryTime: 100, maxRetryTime: 1_000 },
  });
}
