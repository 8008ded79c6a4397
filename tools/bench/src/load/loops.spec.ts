import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { closedLoop } from './closed-loop.ts';
import { openLoop } from './open-loop.ts';

/** A service that answers nobody for a while, then everybody at once. */
const haltedFor = (ms: number) => {
  const halt = sleep(ms);
  return { send: async (): Promise<void> => halt };
};

describe('an open loop', () => {
  it('sends while nothing is answered, and lets all who came meanwhile count the halt from when they were due', async () => {
    const { answered, times } = await openLoop({
      perSecond: 100,
      lastsMs: 300,
      send: haltedFor(200).send,
    });
    expect(answered).toBe(30);
    // Two of three were due during the halt: the median waited for a part of it.
    expect(times.percentile(50)).toBeGreaterThan(25);
    expect(times.max).toBeGreaterThan(150);
  });

  it('rejects with the first request that failed, once all that were sent have ended', async () => {
    let open = 0;
    const send = async (n: number): Promise<void> => {
      open += 1;
      await sleep(20);
      open -= 1;
      if (n === 1) throw new Error('refused');
    };
    await expect(openLoop({ perSecond: 200, lastsMs: 10_000, send })).rejects.toThrow('refused');
    expect(open).toBe(0);
  });
});

describe('a closed loop', () => {
  it('has one request open for each caller, and none more', async () => {
    let open = 0;
    const seen = new Set<number>();
    const send = async (): Promise<void> => {
      open += 1;
      await sleep(1);
      seen.add(open);
      open -= 1;
    };
    const { answered, times } = await closedLoop({ callers: 3, lastsMs: 50, send });
    expect(Math.max(...seen)).toBe(3);
    expect(times.count).toBe(answered);
    expect(open).toBe(0);
  });
});
