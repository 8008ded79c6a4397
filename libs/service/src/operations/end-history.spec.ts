import { describe, expect, it } from 'vitest';
import { EndHistory } from './end-history.ts';

const partition = { topic: 'readings', partition: 0 };
const seen = (...looks: readonly [atMs: number, end: number][]): EndHistory => {
  const history = new EndHistory();
  for (const [atMs, end] of looks) history.note([{ ...partition, start: 0, end }], atMs);
  return history;
};

describe('how old the first record is that is not applied', () => {
  it('counts from the last look at which it was not there', () => {
    const history = seen([1_000, 10], [2_000, 10], [3_000, 15], [4_000, 20]);
    expect(history.behindSeconds({ ...partition, next: 10 }, 5_000)).toBe(3);
    expect(history.behindSeconds({ ...partition, next: 14 }, 5_000)).toBe(3);
    expect(history.behindSeconds({ ...partition, next: 15 }, 5_000)).toBe(2);
  });

  it('is not known of a record that was there at the first look', () => {
    const history = seen([1_000, 10], [2_000, 15]);
    expect(history.behindSeconds({ ...partition, next: 9 }, 5_000)).toBeNull();
    expect(history.behindSeconds({ ...partition, partition: 1, next: 9 }, 5_000)).toBeNull();
  });

  it('forgets what it saw of a log that begins anew', () => {
    const history = seen([1_000, 10], [2_000, 3]);
    expect(history.behindSeconds({ ...partition, next: 12 }, 5_000)).toBe(3);
    expect(history.behindSeconds({ ...partition, next: 1 }, 5_000)).toBeNull();
  });

  it('stays an upper bound, however many ends were seen', () => {
    const looks = Array.from({ length: 5_000 }, (_, n): [number, number] => [n * 1_000, n]);
    const history = seen(...looks);
    for (const next of [0, 17, 1_234, 4_000, 4_998]) {
      const seconds = history.behindSeconds({ ...partition, next }, 5_000_000);
      expect(seconds).toBeGreaterThanOrEqual(5_000 - next);
    }
    expect(history.behindSeconds({ ...partition, next: 4_998 }, 5_000_000)).toBe(2);
  });
});
