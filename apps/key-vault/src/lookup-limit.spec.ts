import { describe, expect, it } from 'vitest';
import { lookupLimit } from './lookup-limit.ts';

describe('the look-up limit', () => {
  it('lets a minute of look-ups through at once and then as many as time gives back', () => {
    let nowMs = 0;
    const limit = lookupLimit(600, () => nowMs);
    expect(limit.take('ward', 600)).toBeUndefined();
    expect(limit.take('ward', 20)).toEqual({ waitSeconds: 2 });
    nowMs += 2_000;
    expect(limit.take('ward', 20)).toBeUndefined();
    expect(limit.take('ward', 1)).toEqual({ waitSeconds: 1 });
  });

  it('never saves up more than a minute, and counts each client by itself', () => {
    let nowMs = 0;
    const limit = lookupLimit(600, () => nowMs);
    limit.take('ward', 600);
    nowMs += 3_600_000;
    expect(limit.take('ward', 600)).toBeUndefined();
    expect(limit.take('ward', 1)).toBeDefined();
    expect(limit.take('screen', 600)).toBeUndefined();
  });
});
