import { SamspillError } from '@samspill/kernel';
import { expect, it } from 'vitest';
import type { ContractLog } from './contract-log.ts';
import { Reader, eventually, type Outcome } from './reader.ts';
import { keyOn, sampleEvent } from './sample-event.ts';

/** What `Subscription` and `RunningSubscription` promise to one member alone. */
export function subscribingContract(contract: () => ContractLog): void {
  it('gives back id, type, source, key, value, trace and time as they were published', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(1);
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    const event = sampleEvent(topic, { traceparent });
    const before = Date.now();
    const [position] = await log.publisher().publish([event]);

    const reader = new Reader(log, [topic]);
    await reader.start();
    await reader.hasApplied(1);

    const { id, type, source, key, value } = event;
    const published = { ...position, id, type, source, key, value, traceparent };
    expect(reader.applied[0]).toMatchObject(published);
    expect(reader.applied[0]?.timestampMs).toBeGreaterThanOrEqual(before);
    expect(reader.applied[0]?.timestampMs).toBeLessThanOrEqual(Date.now());
  });

  it('shows a tombstone and a record without headers as they are', async () => {
    const { log, createTopic, appendBare } = contract();
    const topic = await createTopic(1);
    await appendBare(topic, { key: 'a', value: null });
    await appendBare(topic, { key: undefined, value: Buffer.from('bare') });

    const reader = new Reader(log, [topic]);
    await reader.start();
    await reader.hasApplied(2);

    const none = { id: undefined, type: undefined, source: undefined };
    expect(reader.applied).toMatchObject([
      { key: 'a', value: null, offset: 0, ...none },
      { key: undefined, value: Buffer.from('bare'), offset: 1, ...none },
    ]);
  });

  it('delivers what is published while it runs', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(2);
    const reader = new Reader(log, [topic]);
    await reader.start();
    const publisher = log.publisher();
    for (let n = 1; n <= 5; n += 1) {
      await publisher.publish([sampleEvent(topic)]);
      await reader.hasApplied(n);
    }
  });

  it('reads from the claimed offsets', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(2);
    const events = Array.from({ length: 40 }, (_, n) =>
      sampleEvent(topic, { key: keyOn(n % 2, 2) }),
    );
    await log.publisher().publish(events);

    const reader = new Reader(log, [topic]);
    reader.startAt(topic, 0, 15);
    reader.startAt(topic, 1, 20);
    await reader.start();
    await reader.hasApplied(5);

    expect(reader.applied.map(({ partition, offset }) => [partition, offset])).toEqual(
      [15, 16, 17, 18, 19].map((offset) => [0, offset]),
    );
  });

  it('claims all partitions in order of topic and partition', async () => {
    const { log, createTopic } = contract();
    const topics = [await createTopic(3), await createTopic(2)].sort();
    const claimed: string[] = [];
    const reader = new Reader(log, [...topics].reverse());
    await reader.start(undefined, {
      claim: (partitions) => {
        claimed.push(...partitions.map(({ topic, partition }) => `${topic}:${partition}`));
        return Promise.resolve(partitions.map(() => 0));
      },
    });
    const all = (await Promise.all(topics.map((topic) => log.ranges(topic)))).flat();
    await eventually(() =>
      expect(claimed).toEqual(all.map(({ topic, partition }) => `${topic}:${partition}`)),
    );
  });

  it('delivers the same again on `again`, and the other partitions meanwhile', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(2);
    const publisher = log.publisher();
    const held = await publisher.publish([sampleEvent(topic, { key: keyOn(0, 2) })]);
    const free = [keyOn(1, 2), keyOn(1, 2), keyOn(1, 2)];

    let ready = false;
    const reader = new Reader(log, [topic]);
    await reader.start(({ partition }) => (partition === 0 && !ready ? 'again' : 'done'));
    for (const [index, key] of free.entries()) {
      await publisher.publish([sampleEvent(topic, { key })]);
      await eventually(() => expect(reader.applied).toHaveLength(index + 1));
    }
    await eventually(() =>
      expect(reader.delivered.filter((at) => at === '0@0').length).toBeGreaterThanOrEqual(3),
    );
    ready = true;
    await reader.hasApplied(4);

    expect(reader.applied[3]).toMatchObject(held[0] ?? {});
    expect(reader.applied.slice(0, 3).map(({ key }) => key)).toEqual(free);
  });

  it('reads on where the checkpoint stands after a restart, skipping and repeating nothing', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(3);
    const publisher = log.publisher();
    const events = Array.from({ length: 90 }, () => sampleEvent(topic));
    const reader = new Reader(log, [topic]);
    for (let run = 0; run < 3; run += 1) {
      await publisher.publish(events.slice(run * 30, run * 30 + 30));
      const running = await reader.start();
      await reader.hasApplied(run * 30 + 30);
      await running.close();
    }
    expect(new Set(reader.applied.map(({ id }) => id))).toEqual(
      new Set(events.map(({ id }) => id)),
    );
  });

  it('replays when the checkpoint went back, whatever was read before', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(1);
    await log.publisher().publish(Array.from({ length: 10 }, () => sampleEvent(topic)));
    const reader = new Reader(log, [topic]);
    const running = await reader.start();
    await reader.hasApplied(10);
    await running.close();

    reader.startAt(topic, 0, 3);
    await reader.start();
    await reader.hasApplied(17);

    expect(reader.applied.slice(10).map(({ offset }) => offset)).toEqual([3, 4, 5, 6, 7, 8, 9]);
  });

  it('finishes the running batch before it closes', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(1);
    await log.publisher().publish([sampleEvent(topic)]);
    const begun = Promise.withResolvers<undefined>();
    const work = Promise.withResolvers<undefined>();
    const reader = new Reader(log, [topic]);
    const running = await reader.start(async (): Promise<Outcome> => {
      begun.resolve(undefined);
      await work.promise;
      return 'done';
    });
    await begun.promise;

    const closed = running.close();
    expect(reader.applied).toHaveLength(0);
    work.resolve(undefined);
    await closed;

    expect(reader.applied).toHaveLength(1);
    await expect(running.ended).resolves.toBeUndefined();
    expect(running.isAlive()).toBe(false);
  });

  it('ends with the error of a handler that rejects, and delivers nothing more', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(1);
    const publisher = log.publisher();
    await publisher.publish([sampleEvent(topic)]);
    const reader = new Reader(log, [topic]);
    const running = await reader.start(() => Promise.reject(new TypeError('a fault of ours')));
    expect(running.isAlive()).toBe(true);

    await expect(running.ended).rejects.toThrow('a fault of ours');
    await publisher.publish([sampleEvent(topic)]);

    expect(running.isAlive()).toBe(false);
    expect(reader.delivered).toEqual(['0@0']);
  });

  it('tries a claim again while its error is retriable', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(1);
    await log.publisher().publish([sampleEvent(topic)]);
    let failures = 2;
    const reader = new Reader(log, [topic]);
    await reader.start(undefined, {
      claim: (partitions) => {
        failures -= 1;
        if (failures >= 0) return Promise.reject(new SamspillError('DATABASE_UNAVAILABLE'));
        return Promise.resolve(partitions.map(() => 0));
      },
    });
    await reader.hasApplied(1);
    expect(failures).toBe(-1);
  });

  it('ends when a claim fails for good', async () => {
    const { log, createTopic } = contract();
    const reader = new Reader(log, [await createTopic(1)]);
    const running = await reader.start(undefined, {
      claim: () => Promise.reject(new SamspillError('CONFIG_INVALID')),
    });
    await expect(running.ended).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('refuses a claimed offset that the log has not reached', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(1);
    await log.publisher().publish([sampleEvent(topic)]);
    const reader = new Reader(log, [topic]);
    reader.startAt(topic, 0, 2);
    const running = await reader.start();
    await expect(running.ended).rejects.toMatchObject({ code: 'LOG_DATABASE_MISMATCH' });
    expect(reader.delivered).toEqual([]);
  });

  it('refuses a missing topic', async () => {
    const { log } = contract();
    const reader = new Reader(log, ['contract.missing']);
    await expect(reader.start()).rejects.toMatchObject({ code: 'TOPIC_MISSING' });
    await expect(log.ranges('contract.missing')).rejects.toMatchObject({
      code: 'TOPIC_MISSING',
    });
  });

  it('tells what each partition holds, and always the same name of the log', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(2);
    await log.publisher().publish([1, 2, 3].map(() => sampleEvent(topic, { key: keyOn(1, 2) })));
    expect(await log.ranges(topic)).toEqual([
      { topic, partition: 0, start: 0, end: 0 },
      { topic, partition: 1, start: 0, end: 3 },
    ]);
    expect(await log.clusterId()).toBe(await log.clusterId());
    expect(await log.clusterId()).not.toBe('');
  });
}
