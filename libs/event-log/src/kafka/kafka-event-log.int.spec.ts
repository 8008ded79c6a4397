import { randomUUID } from 'node:crypto';
import { ConfigResourceTypes, type KafkaMessage } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { eventLogContract } from '../contract.ts';
import type { RecordsRead } from '../event-log.ts';
import { followTopic } from '../follow-topic.ts';
import { Reader, eventually } from '../contract/reader.ts';
import { sampleEvent } from '../contract/sample-event.ts';
import { ensureTopics } from './ensure-topics.ts';
import { silentLogger } from './kafkajs-log.ts';
import { realKafka, type RealKafka } from './real-kafka.ts';

let kafka: RealKafka;
beforeAll(async () => {
  kafka = await realKafka();
});
afterAll(() => kafka.stop());

eventLogContract('on Kafka', () => kafka);

/** The records of a topic as a plain client sees them. */
async function plainRecords(topic: string, count: number): Promise<KafkaMessage[]> {
  const records: KafkaMessage[] = [];
  const consumer = kafka.client.consumer({ groupId: randomUUID(), maxWaitTimeInMs: 50 });
  await consumer.connect();
  onTestFinished(() => consumer.disconnect());
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) => {
      records.push(message);
      return Promise.resolve();
    },
  });
  await eventually(() => expect(records).toHaveLength(count));
  return records;
}

describe('a record on Kafka', () => {
  it('has the headers of the binary mode of CloudEvents and no more', async () => {
    const topic = await kafka.createTopic(1);
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    const events = [sampleEvent(topic), sampleEvent(topic, { traceparent })];
    await kafka.log.publisher().publish(events);

    const records = await plainRecords(topic, 2);

    const headers = records.map((record) =>
      Object.fromEntries(
        Object.entries(record.headers ?? {}).map(([name, value]) => [name, String(value)]),
      ),
    );
    const expected = events.map(({ id, source, type }) => ({
      ce_specversion: '1.0',
      ce_id: id,
      ce_source: source,
      ce_type: type,
      'content-type': 'application/avro',
    }));
    expect(headers).toEqual([expected[0], { ...expected[1], traceparent }]);
    expect(records.map(({ key }) => key?.toString())).toEqual(events.map(({ key }) => key));
  });
});

describe('a topic that wants more replicas than are in step', () => {
  it('would not acknowledge, and says which partition', async () => {
    const topic = await kafka.createTopic(1);
    const admin = kafka.client.admin();
    await admin.connect();
    onTestFinished(() => admin.disconnect());
    const configEntries = [{ name: 'min.insync.replicas', value: '2' }];
    const resource = { type: ConfigResourceTypes.TOPIC, name: topic, configEntries };
    await admin.alterConfigs({ validateOnly: false, resources: [resource] });
    await eventually(() =>
      expect(kafka.log.acknowledges(topic)).rejects.toMatchObject({
        code: 'EVENT_LOG_UNAVAILABLE',
        place: `${topic}:0, 1 of 2 replicas in step`,
      }),
    );
  });
});

describe('a subscription on Kafka', () => {
  it('passes holes in the offsets, also a fetch of nothing but them', async () => {
    const topic = await kafka.createTopic(1);
    const producer = kafka.client.producer({
      transactionalId: randomUUID(),
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    onTestFinished(() => producer.disconnect());
    // The record and the marker that follows it take two offsets, and no reader gets either.
    const abortAt = async (offset: number): Promise<void> => {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ key: 'a', value: 'aborted' }] });
      await transaction.abort();
      await eventually(async () => {
        expect(await kafka.log.ranges(topic)).toMatchObject([{ end: offset + 2 }]);
      });
    };
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (_: object, text: string) => warnings.push(text) };
    const log = kafka.newLog({ logger });
    onTestFinished(() => log.close());
    const reader = new Reader(log, [topic]);
    await reader.start();
    const publisher = kafka.log.publisher();
    await abortAt(0);
    await publisher.publish([sampleEvent(topic)]);
    await reader.hasApplied(1);
    await abortAt(3);
    await abortAt(5);
    await publisher.publish([sampleEvent(topic)]);
    await reader.hasApplied(2);

    expect(reader.applied.map(({ offset }) => offset)).toEqual([2, 7]);
    expect(reader.checkpoint.get(`${topic}:0`)).toBe(8);
    // Nor did it move back and read them again.
    expect(warnings).toEqual([]);

    const other = await log.reader({ topic, partition: 0, from: 0, name: 'contract.reading' });
    const read: RecordsRead[] = [];
    do read.push(await other.read());
    while (read.at(-1)?.nextOffset !== 8);
    const offsets = read.flatMap(({ records }) => records.map(({ offset }) => offset));
    expect(offsets).toEqual([2, 7]);
  });

  it('leaves nothing of a group that is its own, and commits nothing to it', async () => {
    const topic = await kafka.createTopic(1);
    await kafka.log.publisher().publish([sampleEvent(topic)]);
    const admin = kafka.client.admin();
    await admin.connect();
    onTestFinished(() => admin.disconnect());
    const groups = async (): Promise<string[]> =>
      (await admin.listGroups()).groups.flatMap(({ groupId }) =>
        groupId.startsWith(`${topic}.`) ? groupId : [],
      );
    let handled = 0;
    const following = await followTopic(kafka.log, {
      topic,
      name: topic,
      places: new Map(),
      handle: () => {
        handled += 1;
        return Promise.resolve('done');
      },
    });
    await eventually(() => expect(handled).toBe(1));
    const [group = ''] = await groups();
    const [committed] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    expect(committed?.partitions).toMatchObject([{ offset: '-1' }]);
    await following.close();
    expect(await groups()).toEqual([]);
  });

  it('commits to Kafka what was applied, and never more', async () => {
    const topic = await kafka.createTopic(1);
    const publisher = kafka.log.publisher();
    const reader = new Reader(kafka.log, [topic]);
    await reader.start(({ records }) => (records[0]?.offset === 3 ? 'again' : 'done'));
    const admin = kafka.client.admin();
    await admin.connect();
    onTestFinished(() => admin.disconnect());
    const committed = async (): Promise<string | undefined> => {
      const [found] = await admin.fetchOffsets({ groupId: reader.group, topics: [topic] });
      return found?.partitions[0]?.offset;
    };
    await publisher.publish([1, 2, 3].map(() => sampleEvent(topic)));
    await reader.hasApplied(3);
    await eventually(async () => expect(await committed()).toBe('3'));

    await publisher.publish([sampleEvent(topic)]);
    await eventually(() =>
      expect(reader.delivered.filter((at) => at === '0@3').length).toBeGreaterThanOrEqual(2),
    );

    expect(await committed()).toBe('3');
  });

  it('refuses a claimed offset that the log holds no longer', async () => {
    const topic = await kafka.createTopic(1);
    await kafka.log.publisher().publish([1, 2, 3].map(() => sampleEvent(topic)));
    await deleteBelow(topic, 2);
    const reader = new Reader(kafka.log, [topic]);
    const running = await reader.start();
    await expect(running.ended).rejects.toMatchObject({ code: 'LOG_DATABASE_MISMATCH' });
    expect(reader.delivered).toEqual([]);
  });

  it('ends, and skips nothing, when records that it has yet to read are deleted', async () => {
    const topic = await kafka.createTopic(1);
    await kafka.log.publisher().publish([1, 2, 3].map(() => sampleEvent(topic)));
    const reader = new Reader(kafka.log, [topic]);
    const running = await reader.start(() => 'again');
    await eventually(() => expect(reader.delivered).toContain('0@0'));

    await deleteBelow(topic, 2);

    await expect(running.ended).rejects.toMatchObject({ code: 'LOG_DATABASE_MISMATCH' });
    expect(new Set(reader.delivered)).toEqual(new Set(['0@0']));
  });

  it('counts as dead when it has not been heard of for too long', async () => {
    const log = kafka.newLog({ subscribe: { aliveWithinMs: 0 } });
    onTestFinished(() => log.close());
    const running = await new Reader(log, [await kafka.createTopic(1)]).start();
    expect(running.isAlive()).toBe(false);
  });
});

describe('a reader on Kafka', () => {
  it('joins no group', async () => {
    const topic = await kafka.createTopic(1);
    await kafka.log.publisher().publish([sampleEvent(topic)]);
    const admin = kafka.client.admin();
    await admin.connect();
    onTestFinished(() => admin.disconnect());
    const groups = async (): Promise<string[]> =>
      (await admin.listGroups()).groups.map(({ groupId }) => groupId).sort();
    const before = await groups();
    const reader = await kafka.log.reader({ topic, partition: 0, from: 0, name: 'contract.none' });
    await reader.read();
    expect(await groups()).toEqual(before);
    await reader.close();
  });

  it('ends, and skips nothing, when records that it has yet to read are deleted', async () => {
    const topic = await kafka.createTopic(1);
    const log = kafka.newLog({ subscribe: { fetchBytesPerPartitionMax: 1 } });
    onTestFinished(() => log.close());
    for (let n = 0; n < 6; n += 1) await kafka.log.publisher().publish([sampleEvent(topic)]);
    const reader = await log.reader({ topic, partition: 0, from: 0, name: 'contract.reading' });
    expect(await reader.read()).toMatchObject({ nextOffset: 1 });
    await deleteBelow(topic, 5);

    const offsets: number[] = [];
    const rest = async (): Promise<void> => {
      for (;;) offsets.push(...(await reader.read()).records.map(({ offset }) => offset));
    };
    await expect(rest()).rejects.toMatchObject({ code: 'LOG_DATABASE_MISMATCH' });
    // What lay ready was given; nothing after a gap was.
    expect(offsets).toEqual([1, 2].slice(0, offsets.length));
  });
});

describe('topics made by the release step', () => {
  it('keep their full history and have the partitions asked for', async () => {
    const topic = `contract.${randomUUID()}`;
    const settings = { topic, partitions: 3, config: { 'segment.ms': '600000' } };
    expect(await ensureTopics(kafka.brokers, [settings])).toEqual([topic]);
    expect(await kafka.log.ranges(topic)).toHaveLength(3);

    const admin = kafka.client.admin();
    await admin.connect();
    onTestFinished(() => admin.disconnect());
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
    });
    const config = Object.fromEntries(
      (resources[0]?.configEntries ?? []).map(({ configName, configValue }) => [
        configName,
        configValue,
      ]),
    );
    expect(config).toMatchObject({
      'cleanup.policy': 'delete',
      'retention.ms': '-1',
      'segment.ms': '600000',
    });
  });

  it('are left alone when they are there, and refused with another partition count', async () => {
    const topic = await kafka.createTopic(2);
    expect(await ensureTopics(kafka.brokers, [{ topic, partitions: 2 }])).toEqual([]);
    await expect(ensureTopics(kafka.brokers, [{ topic, partitions: 3 }])).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
    expect(await kafka.log.ranges(topic)).toHaveLength(2);
  });
});

/** Moves the start of the log up, as retention would. */
async function deleteBelow(topic: string, offset: number): Promise<void> {
  const admin = kafka.client.admin();
  await admin.connect();
  await admin.fetchTopicOffsets(topic); // deleteTopicRecords takes the leaders from here
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
  await admin.disconnect();
}

describe('questions about the log', () => {
  it('that are asked at once about several topics are each answered about their own', async () => {
    const counts = [1, 2, 3, 4, 5, 6];
    const topics = await Promise.all(counts.map((count) => kafka.createTopic(count)));
    for (let round = 0; round < 10; round += 1) {
      const log = kafka.newLog();
      const ranges = await Promise.all(topics.map((topic) => log.ranges(topic)));
      await log.close();
      expect(ranges.map(({ length }) => length)).toEqual(counts);
    }
  });
});
