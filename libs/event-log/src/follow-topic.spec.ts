import { describe, expect, it } from 'vitest';
import { keyOn, sampleEvent } from './contract/sample-event.ts';
import type { Subscription } from './event-log.ts';
import { followTopic, type FollowedTopic } from './follow-topic.ts';
import { memoryEventLog } from './memory/memory-event-log.ts';

const topic = 'sample';
const log = memoryEventLog({ topics: { [topic]: 2 } });
[0, 0, 1].forEach((partition) => log.append(sampleEvent(topic, { key: keyOn(partition, 2) })));

/** What a log is asked for that a topic is followed on. */
async function subscribed(followed: Partial<FollowedTopic> = {}): Promise<Subscription> {
  const asked: Subscription[] = [];
  const subscribe = (subscription: Subscription) => {
    asked.push(subscription);
    return log.subscribe({ ...subscription, claim: () => new Promise(() => undefined) });
  };
  const handle = () => Promise.resolve('done' as const);
  await followTopic({ ...log, subscribe }, { topic, name: 'spec', handle, ...followed });
  return asked[0] as Subscription;
}

const claimed = (by: Subscription) => by.claim([0, 1].map((partition) => ({ topic, partition })));

const batch = (partition: number) => ({
  topic,
  partition,
  records: [],
  fromOffset: 0,
  nextOffset: 2,
  isCurrent: () => true,
  heartbeat: () => Promise.resolve(),
});

describe('a topic that is followed', () => {
  it('is read from where it ends at the call, unless places are given', async () => {
    expect(await claimed(await subscribed())).toEqual([2, 1]);
    expect(await claimed(await subscribed({ places: new Map([[1, 1]]) }))).toEqual([0, 1]);
  });

  it('is read by a group of its own each time', async () => {
    const [one, other] = [await subscribed(), await subscribed()];
    expect(one.group).toMatch(/^spec\./);
    expect(one.group).not.toBe(other.group);
    expect(one.isOwnGroup).toBe(true);
  });

  it('is read on after what was done when it is claimed again, and not after what was held', async () => {
    const places = new Map([0, 1].map((partition) => [partition, 0]));
    const following = await subscribed({
      places,
      handle: ({ partition }) => Promise.resolve(partition === 0 ? 'done' : 'again'),
    });
    await following.handle(batch(0));
    await following.handle(batch(1));
    expect(await claimed(following)).toEqual([2, 0]);
    expect([...places.values()]).toEqual([0, 0]);
  });
});
