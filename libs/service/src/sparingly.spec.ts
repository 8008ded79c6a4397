import { expect, it, vi } from 'vitest';
import { sparingly } from './sparingly.ts';

let now = 0;
const counting = (tookMs: number) =>
  vi.fn(() => {
    now += tookMs;
    return Promise.resolve(now);
  });

it('what took 100 ms is asked anew after 5 s, and known meanwhile', async () => {
  const ask = counting(100);
  const look = sparingly(ask, () => now);
  const first = await look();
  now += 4_899;
  expect(await look()).toBe(first);
  now += 1;
  expect(await look()).toBeGreaterThan(first);
  expect(ask).toHaveBeenCalledTimes(2);
});

it('what is away is asked again each time', async () => {
  const ask = vi.fn(() => Promise.reject(new Error('away')));
  const look = sparingly(ask, () => now);
  await expect(look()).rejects.toThrow();
  await expect(look()).rejects.toThrow();
  expect(ask).toHaveBeenCalledTimes(2);
});
