import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTopics, kafkaEventLog, type OutgoingEvent } from '@samspill/event-log';
import { newPseudonym, uuidV8 } from '@samspill/kernel';
import { obtainPrograms, startLocalStack, type LocalStack } from '@samspill/local-stack';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KafkaPrograms } from './kafka-program.ts';
import { endsOf, readTopic } from './read-topic.ts';

const topic = `read.${randomUUID()}`;
let dataDir: string;
let stack: LocalStack;
let programs: KafkaPrograms;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'samspill-read-topic-'));
  stack = await startLocalStack({ dataDir, ports: 'free' });
  const { java, kafkaJars } = await obtainPrograms(() => undefined);
  programs = { java, kafkaJars, directBrokers: stack.kafkaBrokers };
  await ensureTopics(stack.kafkaBrokers, [{ topic, partitions: 3 }]);
});
afterAll(async () => {
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
});

it('the program of Kafka reads what our publisher wrote, at the positions of its acknowledgements', async () => {
  const log = kafkaEventLog({ brokers: stack.kafkaBrokers, clientId: 'test' });
  const publisher = log.publisher();
  const events = Array.from({ length: 200 }, (_, index): OutgoingEvent => ({
    topic,
    key: newPseudonym(),
    id: uuidV8(randomBytes(16)),
    type: 'sample.SampleRecorded',
    source: 'urn:samspill:999999999:sample',
    // Tabs and ends of lines are bytes like others.
    value: Buffer.concat([Buffer.from('\n\tPartition:0\tOffset:0\t\n'), randomBytes(index)]),
  }));
  const positions = await publisher.publish(events);
  await publisher.close();
  await log.close();

  const ends = await endsOf(programs, [topic]);
  const records = await readTopic(programs, topic, ends);

  expect(ends.reduce((sum, { next }) => sum + next, 0)).toBe(events.length);
  const placed = events.map(({ key, id, type, source, value }, index) => ({
    ...positions[index],
    ...{ key, eventId: id, type, source, value },
  }));
  const byPlace = (a: { partition?: number; offset?: number }, b: typeof a): number =>
    (a.partition ?? 0) - (b.partition ?? 0) || (a.offset ?? 0) - (b.offset ?? 0);
  expect(records).toEqual(placed.sort(byPlace));
});

it('a topic that holds fewer records than it should is not taken for read', async () => {
  const ends = [{ topic, partition: 0, next: 100_000 }];
  await expect(readTopic(programs, topic, ends, 3_000)).rejects.toThrow();
});
