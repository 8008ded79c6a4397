import { Kafka, type Admin } from 'kafkajs';
import { expect, it, onTestFinished, vi } from 'vitest';
import { LogMetadata } from './log-metadata.ts';

const nothing = () => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** A topic of one partition, at whose end is the number of the question; each is answered when the test says so. */
const asked = () => {
  const answers: (() => void)[] = [];
  const admin: Partial<Admin> = {
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    fetchTopicMetadata: () =>
      Promise.resolve({ topics: [{ name: 't', partitions: [{} as never] }] }),
    fetchTopicOffsets: () =>
      new Promise((resolve) => {
        const high = String(answers.length + 1);
        answers.push(() => resolve([{ partition: 0, offset: high, low: '0', high }]));
      }),
  };
  const spy = vi.spyOn(Kafka.prototype, 'admin').mockReturnValue(admin as Admin);
  onTestFinished(() => spy.mockRestore());
  return answers;
};

it('shares the question for the ranges that waits, never one that has begun', async () => {
  const answers = asked();
  const metadata = new LogMetadata({ brokers: ['127.0.0.1:1'], clientId: 'spec' }, silent);
  await metadata.partitionCount('t');
  const end = async (): Promise<number | undefined> => (await metadata.ranges('t'))[0]?.end;
  const first = end();
  await expect.poll(() => answers.length).toBe(1);
  const [second, third] = [end(), end()];
  answers[0]?.();
  await expect.poll(() => answers.length).toBe(2);
  const fourth = end();
  answers[1]?.();
  await expect.poll(() => answers.length).toBe(3);
  answers[2]?.();
  expect(await Promise.all([first, second, third, fourth])).toEqual([1, 2, 2, 3]);
});
