import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { serviceMetrics } from './service-metrics.ts';

const block = (ms: number): void => {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
};

it('the longest delay of the event loop is that since the last scrape', async () => {
  const registry = serviceMetrics('sample');
  const longest = async (): Promise<number> => {
    const [, seconds] =
      /^nodejs_eventloop_lag_max_seconds\S* (\S+)$/m.exec(await registry.metrics()) ?? [];
    return Number(seconds);
  };
  // It is measured by a timer, which has to come before and after.
  await pause(50);
  block(300);
  await pause(50);
  expect(await longest()).toBeGreaterThan(0.25);
  await expect.poll(longest, { timeout: 20_000 }).toBeLessThan(0.25);
});
