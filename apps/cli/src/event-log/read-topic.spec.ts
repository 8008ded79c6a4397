import { memoryEventLog } from '@samspill/event-log';
import { newPseudonym, SamspillError } from '@samspill/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { readTopic, type TopicReading } from './read-topic.ts';

const topic = 'readings';
let log: ReturnType<typeof memoryEventLog>;
beforeEach(() => {
  log = memoryEventLog({ topics: { [topic]: 3 }, batchRecordsMax: 2 });
});

let count = 0;
const append = (times: number): void => {
  for (let n = 0; n < times; n += 1) {
    const record = { type: 'a', source: 'b', value: null, topic };
    log.append({ ...record, key: newPseudonym(), id: String((count += 1)) });
  }
};
const everywhere = new Map([0, 1, 2].map((partition) => [partition, 0]));

/** The ids that were given, to their end unless told. */
async function read(options: Partial<TopicReading> = {}): Promise<(string | undefined)[]> {
  const ids: (string | undefined)[] = [];
  const take: TopicReading['take'] = (records) => {
    ids.push(...records.map(({ id }) => id));
    return Promise.resolve('more');
  };
  const signal = new AbortController().signal;
  await readTopic(log, { topic, from: everywhere, untilEnd: true, signal, take, ...options });
  return ids;
}

describe('a topic that is read', () => {
  it('gives each record once, up to where it ended at the call', async () => {
    append(20);
    let calls = 0;
    const ids: (string | undefined)[] = [];
    await read({
      take: (records) => {
        ids.push(...records.map(({ id }) => id));
        if ((calls += 1) === 1) append(20);
        return Promise.resolve('more');
      },
    });
    expect([ids.length, new Set(ids).size]).toEqual([20, 20]);
  });

  it('gives the partitions that are asked for, from where it is said', async () => {
    append(30);
    const [{ end } = { end: 0 }] = (await log.ranges(topic)).filter(
      ({ partition }) => partition === 1,
    );
    expect(await read({ from: new Map([[1, 1]]) })).toHaveLength(end - 1);
    expect(await read({ from: new Map() })).toEqual([]);
  });

  it('is taken by one at a time, and no further than was enough', async () => {
    append(30);
    let underWay = 0;
    let calls = 0;
    await read({
      untilEnd: false,
      take: async () => {
        underWay += 1;
        calls += 1;
        await Promise.resolve();
        expect(underWay).toBe(1);
        underWay -= 1;
        return calls === 2 ? 'enough' : 'more';
      },
    });
    expect(calls).toBe(2);
  });

  it('ends with the error of whoever takes, and with the signal while it waits', async () => {
    append(3);
    await expect(read({ take: () => Promise.reject(new TypeError('ours')) })).rejects.toThrow(
      'ours',
    );
    const ending = new AbortController();
    const reading = read({
      untilEnd: false,
      signal: ending.signal,
      take: () => {
        ending.abort();
        return Promise.resolve('more');
      },
    });
    await reading;
  });

  it('is taken again where whoever takes it may only try again', async () => {
    append(9);
    const ending = new AbortController();
    const taken: (string | undefined)[] = [];
    let away = 0;
    await readTopic(log, {
      ...{ topic, from: everywhere, untilEnd: false, signal: ending.signal },
      onAway: () => {
        if ((away += 1) > 3) ending.abort();
      },
      take: (records) => {
        if (away === 0) return Promise.reject(new SamspillError('SCHEMA_REGISTRY_UNAVAILABLE'));
        taken.push(...records.map(({ id }) => id));
        if (taken.length === 9) ending.abort();
        return Promise.resolve('more');
      },
    });
    expect([taken.length, new Set(taken).size]).toEqual([9, 9]);
  });

  it('is waited for while the log is away, unless only what is there was asked for', async () => {
    append(3);
    let tries = 0;
    const flaky = {
      ...log,
      reader: (what: Parameters<typeof log.reader>[0]) =>
        (tries += 1) === 1
          ? Promise.reject(new SamspillError('EVENT_LOG_UNAVAILABLE'))
          : log.reader(what),
    };
    const ending = new AbortController();
    let seen = 0;
    let away = 0;
    await readTopic(flaky, {
      ...{ topic, from: everywhere, untilEnd: false, signal: ending.signal },
      onAway: () => (away += 1),
      take: ({ length }) => {
        seen += length;
        if (seen === 3) ending.abort();
        return Promise.resolve('more');
      },
    });
    expect([seen, away]).toEqual([3, 1]);
    tries = 0;
    const signal = new AbortController().signal;
    const take: TopicReading['take'] = () => Promise.resolve('more');
    await expect(
      readTopic(flaky, { topic, from: everywhere, untilEnd: true, signal, take }),
    ).rejects.toMatchObject({ code: 'EVENT_LOG_UNAVAILABLE' });
  });
});
