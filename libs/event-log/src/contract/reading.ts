import { expect, it, onTestFinished } from 'vitest';
import type { EventLog, LoggedRecord, PartitionReader, ReadFrom } from '../event-log.ts';
import type { ContractLog } from './contract-log.ts';
import { Reader } from './reader.ts';
import { keyOn, sampleEvent } from './sample-event.ts';

/** What `PartitionReader` promises. */
export function readingContract(contract: () => ContractLog): void {
  const opened = async (log: EventLog, what: Omit<ReadFrom, 'name'>): Promise<PartitionReader> => {
    const reader = await log.reader({ ...what, name: 'contract.reading' });
    onTestFinished(() => reader.close());
    return reader;
  };
  /** Reads so many records, and says where the reader then stands. */
  const readMany = async (reader: PartitionReader, count: number) => {
    const records: LoggedRecord[] = [];
    let nextOffset = 0;
    while (records.length < count) {
      const read = await reader.read();
      records.push(...read.records);
      nextOffset = read.nextOffset;
    }
    return { ids: records.map(({ id }) => id), records, nextOffset };
  };
  const publish = async (
    log: EventLog,
    topic: string,
    on: readonly number[],
    partitions: number,
  ) => {
    const events = on.map((partition) => sampleEvent(topic, { key: keyOn(partition, partitions) }));
    await log.publisher().publish(events);
    return events.map(({ id }) => id);
  };

  it('gives the records of its partition alone, from its offset on, as they were published', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(3);
    const ids = await publish(log, topic, [0, 1, 0, 2, 0, 1, 0], 3);
    const reader = await opened(log, { topic, partition: 0, from: 1 });
    const read = await readMany(reader, 3);
    expect(read.ids).toEqual([ids[2], ids[4], ids[6]]);
    expect(read.records).toMatchObject(
      [1, 2, 3].map((offset) => ({ topic, partition: 0, offset })),
    );
    expect(read.nextOffset).toBe(4);
  });

  it('waits for what is published later, and skips nothing between two calls', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(1);
    const reader = await opened(log, { topic, partition: 0, from: 0 });
    const waiting = readMany(reader, 2);
    const first = await publish(log, topic, [0, 0], 1);
    expect((await waiting).ids).toEqual(first);
    const second = await publish(log, topic, Array<number>(50).fill(0), 1);
    const third = await publish(log, topic, Array<number>(50).fill(0), 1);
    const { ids, nextOffset } = await readMany(reader, 100);
    expect(ids).toEqual([...second, ...third]);
    expect(nextOffset).toBe(102);
  });

  it('neither moves nor is moved by others: subscriptions, and readers of the same name', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(1);
    const ids = await publish(log, topic, Array<number>(20).fill(0), 1);
    const subscriber = new Reader(log, [topic]);
    await subscriber.start();
    const readers = [
      await opened(log, { topic, partition: 0, from: 0 }),
      await opened(log, { topic, partition: 0, from: 10 }),
    ] as const;
    expect((await readMany(readers[0], 20)).ids).toEqual(ids);
    expect((await readMany(readers[1], 10)).ids).toEqual(ids.slice(10));
    await subscriber.hasApplied(20);
  });

  it('knows where each partition stood at a moment', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(2);
    const [first] = await publish(log, topic, [0], 2);
    const reader = await opened(log, { topic, partition: 0, from: 0 });
    const { records } = await readMany(reader, 1);
    expect(records[0]?.id).toBe(first);
    const timestampMs = records[0]?.timestampMs ?? NaN;
    const atMoment = async (timeMs: number) => [...(await log.offsetsAt(topic, timeMs))].sort();
    expect(await atMoment(timestampMs)).toEqual([
      [0, 0],
      [1, 0],
    ]);
    // One record later, and nothing else.
    expect(await atMoment(timestampMs + 1)).toEqual([
      [0, 1],
      [1, 0],
    ]);
    await expect(log.offsetsAt('contract.missing', 0)).rejects.toMatchObject({
      code: 'TOPIC_MISSING',
    });
  });

  it('ends a call that waits when it is closed, and every later one', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(1);
    const reader = await opened(log, { topic, partition: 0, from: 0 });
    const waiting = reader.read();
    const ended = expect(waiting).rejects.toMatchObject({ code: 'EVENT_LOG_UNAVAILABLE' });
    await reader.close();
    await ended;
    await expect(reader.read()).rejects.toMatchObject({ code: 'EVENT_LOG_UNAVAILABLE' });
  });

  it('closes while records lie ready that nobody has asked for', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(1);
    await publish(log, topic, Array<number>(30).fill(0), 1);
    const reader = await opened(log, { topic, partition: 0, from: 0 });
    await reader.read();
    await reader.close();
    await expect(reader.read()).rejects.toMatchObject({ code: 'EVENT_LOG_UNAVAILABLE' });
  });

  it('refuses an offset that the log has not reached, and a topic that is missing', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(1);
    await expect(opened(log, { topic, partition: 0, from: 1 })).rejects.toMatchObject({
      code: 'LOG_DATABASE_MISMATCH',
    });
    await expect(
      opened(log, { topic: 'contract.missing', partition: 0, from: 0 }),
    ).rejects.toMatchObject({ code: 'TOPIC_MISSING' });
  });
}
