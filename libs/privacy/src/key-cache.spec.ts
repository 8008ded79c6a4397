import { newPseudonym } from '@samspill/kernel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keyCache } from './key-cache.ts';

const product = 'measurements.measurement';
const key = Buffer.alloc(32, 7);

beforeEach(() => {
  vi.useFakeTimers();
  // The cache takes an entry put at instant 0 for one without age.
  vi.advanceTimersByTime(1);
});
afterEach(() => void vi.useRealTimers());

describe('the key cache', () => {
  it('forgets a key five minutes after it was put, however often it is used', () => {
    const cache = keyCache();
    const one = { patient: newPseudonym(), version: 1 };
    cache.put(product, one, key);
    vi.advanceTimersByTime(4 * 60_000);
    expect(cache.get(product, one)).toEqual(key);
    vi.advanceTimersByTime(61_000);
    expect(cache.get(product, one)).toBeUndefined();
  });

  it('holds ten thousand keys, those used last', () => {
    vi.useRealTimers();
    const cache = keyCache();
    const all = Array.from({ length: 10_001 }, () => ({ patient: newPseudonym(), version: 1 }));
    for (const one of all) cache.put(product, one, key);
    const held = all.map((one) => cache.get(product, one) !== undefined);
    expect(held.indexOf(true)).toBe(1);
    expect(held.lastIndexOf(false)).toBe(0);
  });

  it('tells whom it holds keys of, until they leave by eviction, age or want of room', () => {
    const cache = keyCache();
    const [evicted, aged] = [newPseudonym(), newPseudonym()];
    for (const patient of [evicted, aged]) {
      for (const version of [1, 2]) cache.put(product, { patient, version }, key);
      cache.put(product, { patient, version: 1 }, key);
    }
    expect([evicted, aged, newPseudonym()].map((one) => cache.holds(one))).toEqual([
      true,
      true,
      false,
    ]);
    cache.evict('another.product', evicted);
    expect(cache.holds(evicted)).toBe(true);
    cache.evict(product, evicted);
    expect([cache.holds(evicted), cache.holds(aged)]).toEqual([false, true]);
    vi.advanceTimersByTime(5 * 60_000 + 1_000);
    expect(cache.holds(aged)).toBe(false);

    const displaced = newPseudonym();
    cache.put(product, { patient: displaced, version: 1 }, key);
    for (let n = 0; n < 10_000; n += 1) {
      cache.put(product, { patient: newPseudonym(), version: 1 }, key);
    }
    expect(cache.holds(displaced)).toBe(false);
  });

  it('overwrites a key with zeros when it leaves, by eviction and by age', () => {
    const cache = keyCache();
    const kept: Buffer[] = [];
    const from = vi.spyOn(Buffer, 'from').mockImplementation((bytes: unknown) => {
      const copy = Buffer.alloc(32);
      copy.set(bytes as Buffer);
      kept.push(copy);
      return copy;
    });
    const [evicted, aged] = [newPseudonym(), newPseudonym()];
    cache.put(product, { patient: evicted, version: 1 }, key);
    cache.put(product, { patient: aged, version: 1 }, key);
    from.mockRestore();
    cache.evict(product, evicted);
    expect(kept.map((one) => one.equals(Buffer.alloc(32)))).toEqual([true, false]);
    vi.advanceTimersByTime(5 * 60_000 + 1_000);
    expect(kept.map((one) => one.equals(Buffer.alloc(32)))).toEqual([true, true]);
    expect(key.equals(Buffer.alloc(32, 7))).toBe(true);
  });
});
