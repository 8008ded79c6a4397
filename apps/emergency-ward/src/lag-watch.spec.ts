import { describe, expect, it } from 'vitest';
import { LagWatch } from './lag-watch.ts';

/** A watch over a lag and a clock that the spec turns. */
function watched() {
  const world = { records: [0, 0], seconds: 0, away: false };
  const watch = new LagWatch(
    () =>
      world.away
        ? Promise.reject(new Error('brokers away'))
        : Promise.resolve(world.records.map((records) => ({ records }))),
    () => new Date(world.seconds * 1000),
  );
  const lookAt = async (seconds: number, ...records: number[]) => {
    Object.assign(world, { seconds, records });
    await watch.look();
    return watch.freshness();
  };
  return { world, watch, lookAt };
}

describe('the lag of the read model', () => {
  it('is unknown before the first look', () => {
    expect(watched().watch.freshness()).toEqual({ lagRecords: null, behindSeconds: null });
  });

  it('is the sum over partitions, and how long ago it was level', async () => {
    const { lookAt } = watched();
    expect(await lookAt(10, 0, 0)).toEqual({ lagRecords: 0, behindSeconds: 0 });
    expect(await lookAt(11, 3, 4)).toEqual({ lagRecords: 7, behindSeconds: 1 });
    expect(await lookAt(41, 1, 0)).toEqual({ lagRecords: 1, behindSeconds: 31 });
    expect(await lookAt(42, 0, 0)).toEqual({ lagRecords: 0, behindSeconds: 0 });
  });

  it('has no age while it never was level', async () => {
    expect(await watched().lookAt(10, 5)).toEqual({ lagRecords: 5, behindSeconds: null });
  });

  it('becomes unknown, not zero, while the brokers are away', async () => {
    const { world, watch, lookAt } = watched();
    await lookAt(10, 0);
    world.away = true;
    expect(await lookAt(14, 0)).toEqual({ lagRecords: 0, behindSeconds: 0 });
    expect(await lookAt(16, 0)).toEqual({ lagRecords: null, behindSeconds: null });
    world.away = false;
    await lookAt(17, 2);
    expect(watch.freshness()).toEqual({ lagRecords: 2, behindSeconds: 7 });
  });
});
