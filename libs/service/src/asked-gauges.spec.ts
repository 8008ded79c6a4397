import { Registry } from 'prom-client';
import { afterEach, expect, it, vi } from 'vitest';
import { askedGauges } from './asked-gauges.ts';

afterEach(() => vi.useRealTimers());

/** A page with a gauge of its own, and two that are asked for together. */
function page(look: () => Promise<number>) {
  const registry = new Registry();
  const gauge = askedGauges(registry, look);
  const help = 'of a test';
  gauge({ name: 'waiting', help, labels: [], fill: (of, seen) => of.set(seen) });
  gauge({
    ...{ name: 'waiting_by_colour', help, labels: ['colour'] },
    fill: (of, seen) => of.set({ colour: 'red' }, seen),
  });
  return () => registry.metrics();
}

it('one look fills all gauges of a scrape, and each scrape looks anew', async () => {
  let seen = 6;
  const look = vi.fn(() => Promise.resolve((seen += 1)));
  const scrape = page(look);
  expect(await scrape()).toMatch(/\nwaiting 7\n[^]*\nwaiting_by_colour\{colour="red"\} 7/);
  expect(await scrape()).toMatch(/\nwaiting 8\n[^]*\nwaiting_by_colour\{colour="red"\} 8/);
  expect(look).toHaveBeenCalledTimes(2);
});

it('what is away leaves no sample, and none of what was seen before', async () => {
  let away = false;
  const scrape = page(() => (away ? Promise.reject(new Error('away')) : Promise.resolve(7)));
  await scrape();
  away = true;
  const text = await scrape();
  expect(text).toContain('# TYPE waiting gauge');
  expect(text).not.toMatch(/^waiting/m);
});

it('a page is there after 4 s though what is looked at does not answer, and it is asked once', async () => {
  vi.useFakeTimers();
  const look = vi.fn(() => new Promise<number>(() => undefined));
  const scrape = page(look);
  const first = scrape();
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await first).not.toMatch(/^waiting/m);
  const second = scrape();
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await second).not.toMatch(/^waiting/m);
  expect(look).toHaveBeenCalledTimes(1);
});
