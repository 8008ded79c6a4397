import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalStack, type LocalStack } from '@samspill/local-stack';
import type { Kafka } from 'kafkajs';
import type { ContractLog } from '../contract/contract-log.ts';
import type { EventLog } from '../event-log.ts';
import { ensureTopics } from './ensure-topics.ts';
import { kafkaClient } from './kafka-client.ts';
import { kafkaEventLog, type KafkaEventLogOptions } from './kafka-event-log.ts';
import { silentLogger } from './kafkajs-log.ts';

/** Short sessions and waits, so that a member that comes or goes is noticed within a second. */
const briskly: NonNullable<KafkaEventLogOptions['subscribe']> = {
  sessionTimeoutMs: 2_000,
  rebalanceTimeoutMs: 3_000,
  heartbeatIntervalMs: 100,
  fetchWaitMs: 50,
  holdMinMs: 20,
  holdMaxMs: 100,
};

/** Test support: a real broker, found or started, with a log on it and a plain client beside it. */
export interface RealKafka extends ContractLog {
  readonly stack: LocalStack;
  readonly brokers: readonly string[];
  /** A plain kafkajs client, to see and to write what our own code would not. */
  readonly client: Kafka;
  newLog(options?: Partial<KafkaEventLogOptions>): EventLog;
  stop(): Promise<void>;
}

export async function realKafka({ ignoreEnvironment = false } = {}): Promise<RealKafka> {
  const dataDir = await mkdtemp(join(tmpdir(), 'samspill-event-log-'));
  const stack = await startLocalStack({ dataDir, ports: 'free', ignoreEnvironment });
  const brokers = stack.kafkaBrokers;
  const client = kafkaClient({ brokers, clientId: 'test' }, silentLogger);
  const producer = client.producer();
  await producer.connect();
  const newLog = (options: Partial<KafkaEventLogOptions> = {}): EventLog =>
    kafkaEventLog({
      brokers,
      clientId: 'test',
      ...options,
      subscribe: { ...briskly, ...options.subscribe },
    });
  const log = newLog();
  return {
    stack,
    log,
    brokers,
    client,
    newLog,
    createTopic: async (partitions) => {
      const topic = `contract.${randomUUID()}`;
      await ensureTopics(brokers, [{ topic, partitions }]);
      return topic;
    },
    appendBare: async (topic, { key, value }) => {
      await producer.send({ topic, messages: [{ key: key ?? null, value }] });
    },
    stop: async () => {
      await log.close();
      await producer.disconnect();
      await stack.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
