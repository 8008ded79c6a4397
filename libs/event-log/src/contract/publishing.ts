import { newPseudonym } from '@samspill/kernel';
import { expect, it } from 'vitest';
import { partitionOf } from '../partition.ts';
import type { ContractLog } from './contract-log.ts';
import { Reader } from './reader.ts';
import { sampleEvent } from './sample-event.ts';

/** What `EventPublisher` promises. */
export function publishingContract(contract: () => ContractLog): void {
  it('answers with the positions at which the events lie, in the order given', async () => {
    const { log, createTopic } = contract();
    const topics = [await createTopic(3), await createTopic(2)];
    const events = Array.from({ length: 60 }, (_, n) => sampleEvent(topics[n % 2] ?? ''));

    const positions = await log.publisher().publish(events);

    const reader = new Reader(log, topics);
    await reader.start();
    await reader.hasApplied(60);
    const found = positions.map(
      (position) =>
        reader.applied.find(
          ({ topic, partition, offset }) =>
            topic === position.topic &&
            partition === position.partition &&
            offset === position.offset,
        )?.id,
    );
    expect(found).toEqual(events.map(({ id }) => id));
  });

  it('puts a key on the partition that every Kafka client computes', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(6);
    const events = Array.from({ length: 20 }, () => sampleEvent(topic));
    const positions = await log.publisher().publish(events);
    expect(positions.map(({ partition }) => partition)).toEqual(
      events.map(({ key }) => partitionOf(key, 6)),
    );
  });

  it('keeps the order of a key when calls overlap', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(3);
    const keys = Array.from({ length: 5 }, newPseudonym);
    const events = Array.from({ length: 200 }, (_, n) =>
      sampleEvent(topic, { key: keys[n % 5] ?? newPseudonym() }),
    );
    const publisher = log.publisher();

    await Promise.all(events.map((event) => publisher.publish([event])));

    const reader = new Reader(log, [topic]);
    await reader.start();
    await reader.hasApplied(200);
    for (const key of keys) {
      expect(reader.idsOf(key)).toEqual(
        events.filter((event) => event.key === key).map(({ id }) => id),
      );
    }
  });

  it('keeps the order of a key when the first call names a topic that is new to the publisher', async () => {
    const { log, createTopic } = contract();
    const [old, fresh] = [await createTopic(1), await createTopic(1)];
    const publisher = log.publisher();
    await publisher.publish([sampleEvent(old)]);
    const first = sampleEvent(old);
    const second = sampleEvent(old, { key: first.key });

    const [[, firstAt], [secondAt]] = await Promise.all([
      publisher.publish([sampleEvent(fresh), first]),
      publisher.publish([second]),
    ]);

    expect([firstAt?.offset, secondAt?.offset]).toEqual([1, 2]);
  });

  it('acknowledges events of many partitions together', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(6);
    const positions = await log
      .publisher()
      .publish(Array.from({ length: 300 }, () => sampleEvent(topic)));
    const ranges = await log.ranges(topic);
    expect(positions).toHaveLength(300);
    expect(ranges.map(({ end }) => end)).toEqual(
      ranges.map(
        ({ partition }) => positions.filter((position) => position.partition === partition).length,
      ),
    );
  });

  it('writes nothing of a call that names a missing topic', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(1);
    const call = log.publisher().publish([sampleEvent(topic), sampleEvent(`${topic}.missing`)]);
    await expect(call).rejects.toMatchObject({ code: 'TOPIC_MISSING' });
    expect(await log.ranges(topic)).toEqual([{ topic, partition: 0, start: 0, end: 0 }]);
  });

  it('refuses an event that no batch can hold, and goes on', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(1);
    const publisher = log.publisher();
    const large = sampleEvent(topic, { value: Buffer.alloc(1_000_000) });
    await expect(publisher.publish([large])).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' });
    expect(await publisher.publish([sampleEvent(topic)])).toEqual([
      { topic, partition: 0, offset: 0 },
    ]);
  });

  it('answers an empty call with no positions', async () => {
    expect(await contract().log.publisher().publish([])).toEqual([]);
  });

  it('sends what is queued before it closes, and takes nothing afterwards', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(2);
    const publisher = log.publisher();
    const calls = Array.from({ length: 20 }, () => publisher.publish([sampleEvent(topic)]));
    await publisher.close();
    expect(await Promise.all(calls)).toHaveLength(20);
    await expect(publisher.publish([sampleEvent(topic)])).rejects.toMatchObject({
      code: 'EVENT_LOG_UNAVAILABLE',
    });
  });

  it('says of a topic whether it could be written to', async () => {
    const { log, createTopic } = contract();
    await expect(log.acknowledges(await createTopic(3))).resolves.toBeUndefined();
    const missing = log.acknowledges('contract.missing');
    await expect(missing).rejects.toMatchObject({ code: 'TOPIC_MISSING' });
  });
}
