import { SamspillError } from '@samspill/kernel';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MaterialiserStrategy, type Startable } from './materialiser-strategy.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const given = (...errorsAtStart: Error[]) => {
  let isAlive = true;
  const dying = Promise.withResolvers<undefined>();
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  const deaths: unknown[] = [];
  const materialiser: Startable = {
    name: 'ward.readings',
    start: () => {
      const error = errorsAtStart.shift();
      if (error !== undefined) return Promise.reject(error);
      const close = () => Promise.resolve();
      return Promise.resolve({ ended: dying.promise, isAlive: () => isAlive, close });
    },
  };
  const strategy = new MaterialiserStrategy([materialiser], logger, (error) => deaths.push(error));
  const listening = new Promise<unknown>((resolve) => strategy.listen(resolve));
  return { strategy, deaths, lines, dying, listening, live: (now: boolean) => (isAlive = now) };
};

describe('a materialiser that gives no sign of life', () => {
  it('is told after three looks to whoever asks, and ends the process soon after', async () => {
    const { strategy, deaths, lines, listening, live } = given();
    await listening;
    live(false);
    // As after a stop of the whole process, which sees an old sign of life when it goes on.
    vi.advanceTimersByTime(2_000);
    expect(strategy.isAlive()).toBe(true);
    vi.advanceTimersByTime(1_000);
    expect(strategy.isAlive()).toBe(false);
    vi.advanceTimersByTime(11_000);
    expect(deaths).toEqual([]);
    vi.advanceTimersByTime(60_000);
    expect(deaths).toEqual([expect.objectContaining({ code: 'MATERIALISER_LIFELESS' })]);
    expect(lines.join('')).toContain('MATERIALISER_LIFELESS: ward.readings');
  });

  it('and comes back in between lives on', async () => {
    const { strategy, deaths, listening, live } = given();
    await listening;
    for (let turn = 0; turn < 5; turn += 1) {
      live(false);
      vi.advanceTimersByTime(10_000);
      live(true);
      vi.advanceTimersByTime(2_000);
      expect(strategy.isAlive()).toBe(true);
    }
    expect(deaths).toEqual([]);
  });

  it('is nobody any more once the service closes', async () => {
    const { strategy, deaths, listening, live } = given();
    await listening;
    await strategy.close();
    live(false);
    vi.advanceTimersByTime(60_000);
    expect(deaths).toEqual([]);
  });
});

it('a materialiser that ends with an error ends the process', async () => {
  const { deaths, dying, listening } = given();
  await listening;
  const error = new SamspillError('LOG_DATABASE_MISMATCH', { place: 'a.b.v1:0' });
  dying.reject(error);
  await vi.advanceTimersByTimeAsync(0);
  expect(deaths).toEqual([error]);
});

describe('a start while something is away', () => {
  it('waits until it is there, and says so once', async () => {
    const away = new SamspillError('EVENT_LOG_UNAVAILABLE', { place: 'ward.readings' });
    const { lines, listening, deaths } = given(...Array<Error>(20).fill(away));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(await listening).toBeUndefined();
    expect(deaths).toEqual([]);
    expect(lines.filter((line) => line.includes('waits with its start'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('goes on with its start'))).toHaveLength(1);
  });

  it('does not wait for what does not pass by itself', async () => {
    const missing = new SamspillError('TOPIC_MISSING', { place: 'a.b.v1' });
    expect(await given(missing).listening).toBe(missing);
  });
});
