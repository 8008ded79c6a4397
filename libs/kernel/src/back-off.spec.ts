import { describe, expect, it } from 'vitest';
import { backOffMs } from './back-off.ts';

describe('the back-off', () => {
  const limits = { minMs: 100, maxMs: 5_000 };

  it('doubles up to the maximum and takes at least half of that', () => {
    const wholes = [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000];
    for (const [attempt, whole] of wholes.entries()) {
      for (let n = 0; n < 20; n += 1) {
        const ms = backOffMs(attempt, limits);
        expect(ms).toBeGreaterThanOrEqual(whole / 2);
        expect(ms).toBeLessThanOrEqual(whole);
      }
    }
  });

  it('stays finite after any number of attempts', () => {
    expect(backOffMs(1_000_000, limits)).toBeLessThanOrEqual(5_000);
  });
});
