import { expect, it } from 'vitest';
import { Pace } from './pace.ts';

const noHeartbeat = (): Promise<void> => Promise.resolve();
const held = () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return { work: () => promise, end: () => resolve(undefined) };
};

it('lets a chunk beside the live version wait until the live one has worked its own', async () => {
  const pace = new Pace();
  const live = held();
  const order: string[] = [];
  const working = pace.live(1, () => live.work().then(() => order.push('live')));
  let heartbeats = 0;
  const heartbeat = (): Promise<void> => {
    heartbeats += 1;
    if (heartbeats === 3) live.end();
    return Promise.resolve();
  };
  await pace.beside(heartbeat, () => Promise.resolve(order.push('beside')));
  await working;
  expect(order).toEqual(['live', 'beside']);
});

it('lets it work all the same when the live version never rests', async () => {
  const pace = new Pace();
  const live = held();
  const working = pace.live(1_000, live.work);
  expect(await pace.beside(noHeartbeat, () => Promise.resolve('worked'))).toBe('worked');
  live.end();
  await working;
});

it('works one chunk beside the live version at a time, also when one rejects', async () => {
  const pace = new Pace();
  let atWork = 0;
  const chunk = (fails: boolean) =>
    pace.beside(noHeartbeat, async () => {
      atWork += 1;
      await noHeartbeat();
      expect(atWork).toBe(1);
      atWork -= 1;
      if (fails) throw new Error('refused');
    });
  const outcomes = await Promise.allSettled([chunk(false), chunk(true), chunk(false)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

it('never makes the live version wait', async () => {
  const pace = new Pace();
  const beside = held();
  const working = pace.beside(noHeartbeat, beside.work);
  expect(await pace.live(1, () => Promise.resolve('worked'))).toBe('worked');
  beside.end();
  await working;
});

it('lets the loss of the membership pass', async () => {
  const pace = new Pace();
  const live = held();
  const working = pace.live(1, live.work);
  const lost = () => Promise.reject(new Error('rebalancing'));
  await expect(pace.beside(lost, noHeartbeat)).rejects.toThrow('rebalancing');
  live.end();
  await working;
});
