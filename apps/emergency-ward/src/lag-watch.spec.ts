import { describe, expect, it } from 'vitest';
import { LagWatch } from './lag-watch.ts';

const live = (records: number | null) => ({ state: 'live', records });

/** A watch under a clock that the spec turns. */
function watched() {
  const world = { seconds: 0, away: false };
  const watch = new LagWatch(() => new Date(world.seconds * 1000));
  const lookAt = (seconds: number, ...records: number[]) => {
    world.seconds = seconds;
    const standings = records.map((lag) => live(world.away ? null : lag));
    watch.note(standings, new Date(seconds * 1000));
    return watch.freshness();
  };
  return { world, watch, lookAt };
}

describe('the lag of the read model', () => {
  it('is unknown before the first look', () => {
    expect(watched().watch.freshness()).toEqual({ lagRecords: null, behindSeconds: null });
  });

  it('is the sum over partitions, and how long ago it was level', () => {
    const { lookAt } = watched();
    expect(lookAt(10, 0, 0)).toEqual({ lagRecords: 0, behindSeconds: 0 });
    expect(lookAt(11, 3, 4)).toEqual({ lagRecords: 7, behindSeconds: 1 });
    expect(lookAt(41, 1, 0)).toEqual({ lagRecords: 1, behindSeconds: 31 });
    expect(lookAt(42, 0, 0)).toEqual({ lagRecords: 0, behindSeconds: 0 });
  });

  it('has no age while it never was level', () => {
    expect(watched().lookAt(10, 5)).toEqual({ lagRecords: 5, behindSeconds: null });
  });

  it('becomes unknown, not zero, while the brokers are away', () => {
    const { world, watch, lookAt } = watched();
    lookAt(10, 0);
    world.away = true;
    expect(lookAt(14, 0)).toEqual({ lagRecords: 0, behindSeconds: 0 });
    expect(lookAt(16, 0)).toEqual({ lagRecords: null, behindSeconds: null });
    world.away = false;
    lookAt(17, 2);
    expect(watch.freshness()).toEqual({ lagRecords: 2, behindSeconds: 7 });
  });

  it('is told by no look that has no partition, or not all of them', () => {
    const { watch, lookAt } = watched();
    expect(lookAt(10)).toEqual({ lagRecords: null, behindSeconds: null });
    lookAt(11, 0);
    watch.note([live(3), live(null)], new Date(11_000));
    expect(watch.freshness()).toEqual({ lagRecords: 0, behindSeconds: 0 });
  });

  it('is that of the version that is read, not of one that is being made', () => {
    const { watch } = watched();
    watch.note([live(0), { state: 'building', records: 9 }], new Date(0));
    expect(watch.freshness()).toEqual({ lagRecords: 0, behindSeconds: 0 });
  });
});
