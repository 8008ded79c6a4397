import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, withDatabase } from './database.ts';
import type { LocalStack } from './local-stack.ts';
import { allGone, noteProcess } from './process-life.ts';
import { startLocalStack } from './start-local-stack.ts';

const topic = 'colours';
const subject = 'colours-value';
/** Of those that every stack has, with another value. */
const joinDelay = 'group.initial.rebalance.delay.ms';
const schema = JSON.stringify({
  type: 'record',
  name: 'Colour',
  fields: [{ name: 'name', type: 'string' }],
});

const dataDir = mkdtempSync(join(tmpdir(), 'samspill-stack-'));
let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({
    dataDir,
    ports: 'free',
    ignoreEnvironment: true,
    brokerSettings: { [joinDelay]: '1' },
  });
});
afterAll(async () => {
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const kafka = (): Kafka =>
  new Kafka({ brokers: stack.kafkaBrokers, logLevel: logLevel.NOTHING, retry: { retries: 20 } });
const registry = (): SchemaRegistry => new SchemaRegistry({ host: stack.schemaRegistryUrl });

const publish = async (value: Buffer): Promise<void> => {
  const producer = kafka().producer();
  await producer.connect();
  await producer.send({ topic, acks: -1, messages: [{ value }] });
  await producer.disconnect();
};

const readAll = async (count: number): Promise<string[]> => {
  const consumer = kafka().consumer({ groupId: `reader.${randomUUID()}` });
  const names: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on('consumer.crash', ({ payload }) => {
      if (!payload.restart) reject(payload.error);
    });
    const run = consumer.run({
      eachMessage: async ({ message }) => {
        const colour: unknown = await registry().decode(message.value ?? Buffer.alloc(0));
        names.push((colour as { name: string }).name);
        if (names.length === count) resolve();
      },
    });
    run.catch(reject);
  });
  await consumer.disconnect();
  return names;
};

const killAndRestart = async (part: 'kafka' | 'registry' | 'postgres'): Promise<void> => {
  const { pid = 0 } = stack.processes.find(({ name }) => name === part) ?? {};
  const server = noteProcess(part, pid, 'SIGTERM');
  if (server === undefined) throw new Error(`${part} does not run`);
  stack.kill(part, 'SIGKILL');
  expect(await allGone([server], 10_000)).toBe(true);
  await stack.restart(part);
  expect(stack.processes.find(({ name }) => name === part)?.pid).not.toBe(pid);
};

describe('a started stack', { timeout: 120_000 }, () => {
  it('carries a record under a registered schema from producer to consumer', async () => {
    const admin = kafka().admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 1 }] });
    await admin.disconnect();
    const { id } = await registry().register({ type: SchemaType.AVRO, schema }, { subject });
    await publish(await registry().encode(id, { name: 'red' }));
    expect(await readAll(1)).toEqual(['red']);
  });

  it('refuses to make a topic only because somebody writes to it', async () => {
    const producer = new Kafka({
      brokers: stack.kafkaBrokers,
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
    }).producer({ allowAutoTopicCreation: true });
    await producer.connect();
    await expect(
      producer.send({ topic: 'unheard-of', messages: [{ value: 'x' }] }),
    ).rejects.toThrow(/does not host this topic-partition/);
    await producer.disconnect();
  });

  it('runs Kafka by the settings that are given, instead of its own', async () => {
    const admin = kafka().admin();
    await admin.connect();
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.BROKER, name: '1', configNames: [joinDelay] }],
    });
    await admin.disconnect();
    expect(resources[0]?.configEntries[0]?.configValue).toBe('1');
  });

  it('creates a database once, and answers with its URL each time', async () => {
    const [url, again] = await Promise.all([
      createDatabase(stack.databaseUrl, 'emergency-ward'),
      createDatabase(stack.databaseUrl, 'emergency-ward'),
    ]);
    expect(again).toBe(url);
    await withDatabase(url, (db) => db.query('create table kept (word text)'));
    await withDatabase(url, (db) => db.query("insert into kept values ('kept')"));
    const { rows } = await withDatabase(url, (db) => db.query('select current_database() as name'));
    expect(rows).toEqual([{ name: 'emergency-ward' }]);
  });

  it('keeps the password of the database from other users', () => {
    for (const file of ['postgres/password', 'stack.json']) {
      expect(statSync(join(dataDir, file)).mode & 0o077).toBe(0);
    }
  });

  it('keeps its records when Kafka is killed by kill -9 and started again', async () => {
    await killAndRestart('kafka');
    const id = await registry().getLatestSchemaId(subject);
    await publish(await registry().encode(id, { name: 'green' }));
    expect(await readAll(2)).toEqual(['red', 'green']);
  });

  it('keeps its schemas when the registry is killed by kill -9 and started again', async () => {
    await killAndRestart('registry');
    expect(await readAll(2)).toEqual(['red', 'green']);
  });

  it('keeps its rows when PostgreSQL is killed by kill -9 under an open connection', async () => {
    const url = await createDatabase(stack.databaseUrl, 'emergency-ward');
    await withDatabase(url, async (db) => {
      await db.query('select');
      await killAndRestart('postgres');
    });
    const { rows } = await withDatabase(url, (db) => db.query('select word from kept'));
    expect(rows).toEqual([{ word: 'kept' }]);
    // The registry has found its database again.
    await expect
      .poll(() => readAll(2).catch(String), { timeout: 20_000 })
      .toEqual(['red', 'green']);
  });
});

it('PostgreSQL writes no value that it refuses into its log', async () => {
  const url = await createDatabase(stack.databaseUrl, 'refusals');
  await withDatabase(url, async (db) => {
    await db.query('CREATE TABLE person (name text CHECK (false))');
    const refused = [
      db.query('INSERT INTO person VALUES ($1)', ['planted-word']),
      db.query('SELECT $1::int', ['planted-word']),
    ];
    const outcomes = await Promise.allSettled(refused);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
  const log = readFileSync(join(dataDir, 'logs/postgres.log'), 'utf8');
  expect(log).toContain('ready to accept connections');
  expect(log).not.toContain('planted-word');
});
