import type { StackAddresses } from '@samspill/local-stack';
import { until } from '@samspill/testing';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { z } from 'zod';
import type { TimeForm } from '../rows/flat-row.ts';
import type { ConnectWorker } from './connect-worker.ts';

/** The two best settings that were found, one for each form of time (unnest with timestamptz loses milliseconds). */
export interface SinkSetting {
  readonly name: string;
  readonly times: TimeForm;
  readonly batchRows: number;
  readonly isUnnested: boolean;
}

export const sinkSettings: readonly SinkSetting[] = [
  { name: 'sink A', times: 'timestamptz', batchRows: 500, isUnnested: false },
  { name: 'sink B', times: 'bigint', batchRows: 2_000, isUnnested: true },
];

const tasks = 2;
const startsWithinMs = 60_000;

/** A connector of the worker. */
export interface Sink {
  /** Rejects with what it said when a task of it has failed. */
  assertAtWork(): Promise<void>;
  remove(): Promise<void>;
}

export interface HeldSink extends Sink {
  /** Lets it go on. */
  go(): Promise<void>;
}

export interface SinkStart {
  readonly name: string;
  readonly topic: string;
  /** The table, with its schema. */
  readonly table: string;
  readonly databaseUrl: string;
  readonly stack: StackAddresses;
  readonly setting: SinkSetting;
}

const connectorStatus = z.object({
  tasks: z.array(z.object({ state: z.string(), trace: z.string().optional() })),
});

/**
 * Kafka's own default, which those who start a few consumers after each other rely on: else the first task has all partitions and
 * its hands full before the second one asks for its share.
 */
export const brokerSettingsOfSink = { 'group.initial.rebalance.delay.ms': '3000' };

/** Starts a connector that reads the topic from where one of its name left off; resolves when all its tasks have joined. */
export async function startSink(worker: ConnectWorker, start: SinkStart): Promise<Sink> {
  const sink = await createSink(worker, start);
  const kafka = new Kafka({ brokers: [...start.stack.kafkaBrokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const members = async (): Promise<number> => {
      await sink.assertAtWork();
      const { groups } = await admin.describeGroups([`connect-${start.name}`]);
      return groups[0]?.state === 'Stable' ? groups[0].members.length : 0;
    };
    await until('tasks of the sink', startsWithinMs, members, (count) => count === tasks);
    return sink;
  } finally {
    await admin.disconnect();
  }
}

/**
 * Starts a connector that reads the topic from its start. Resolves once each task has joined, has its first records and waits for
 * the table, which is locked until `go`: a connector can be held neither before its start nor at a position of our choice.
 */
export async function startHeldSink(worker: ConnectWorker, start: SinkStart): Promise<HeldSink> {
  const { table, databaseUrl } = start;
  const lock = new Client({ connectionString: databaseUrl });
  await lock.connect();
  try {
    await lock.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    const sink = await createSink(worker, start);
    const waiting = async (): Promise<number> => {
      await sink.assertAtWork();
      return waitersFor(lock, table);
    };
    await until('tasks of the sink', startsWithinMs, waiting, (count) => count === tasks);
    return { ...sink, go: () => lock.end() };
  } catch (error) {
    await lock.end();
    throw error;
  }
}

async function createSink(worker: ConnectWorker, start: SinkStart): Promise<Sink> {
  const path = `/connectors/${start.name}`;
  await worker.ask('POST', '/connectors', { name: start.name, config: configOf(start) });
  return {
    assertAtWork: async () => {
      const { tasks } = connectorStatus.parse(await worker.ask('GET', `${path}/status`));
      const failed = tasks.find(({ state }) => state === 'FAILED');
      if (failed !== undefined) throw new Error(failed.trace?.slice(0, 2_000) ?? 'a task failed');
    },
    remove: async () => {
      await worker.ask('DELETE', path);
    },
  };
}

async function waitersFor(db: Client, table: string): Promise<number> {
  const { rows } = await db.query<{ waiting: number }>(
    'SELECT count(*)::int AS waiting FROM pg_locks WHERE relation = $1::regclass AND NOT granted',
    [table],
  );
  return rows[0]?.waiting ?? 0;
}

function configOf({ topic, table, databaseUrl, stack, setting }: SinkStart) {
  const { batchRows, isUnnested } = setting;
  const { host, pathname, username, password } = new URL(databaseUrl);
  const registry = new URL('/apis/registry/v2', stack.schemaRegistryUrl).href;
  const converter = 'value.converter';
  return {
    'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
    'tasks.max': String(tasks),
    topics: topic,
    'connection.url': `jdbc:postgresql://${host}${pathname}${isUnnested ? '' : '?reWriteBatchedInserts=true'}`,
    'connection.username': decodeURIComponent(username),
    'connection.password': decodeURIComponent(password),
    'insert.mode': 'upsert',
    'primary.key.mode': 'record_value',
    'primary.key.fields': 'event_id',
    'schema.evolution': 'none',
    'collection.name.format': table,
    'batch.size': String(batchRows),
    'dialect.postgres.unnest.insert.enabled': String(isUnnested),
    'consumer.override.max.poll.records': String(Math.max(batchRows, 500)),
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    [converter]: 'io.apicurio.registry.utils.converter.AvroConverter',
    [`${converter}.apicurio.registry.url`]: registry,
    [`${converter}.apicurio.registry.as-confluent`]: 'true',
    [`${converter}.apicurio.registry.use-id`]: 'contentId',
  };
}
