import { setTimeout as pause } from 'node:timers/promises';
import type { Area, Fault } from '../faults/fault.ts';
import { drawFault, type DrawnFault } from './draw-faults.ts';
import { holdFault, type FaultRecord, type HoldOptions } from './hold-fault.ts';

export interface InjectOptions extends HoldOptions {
  readonly seed: string | number;
  readonly faults: readonly Fault[];
  /** So many hold at once at most; {@link atOnceUsual} unless told. Above that none waits for the one before. */
  readonly atOnce?: number;
}

export const atOnceUsual = 2;

/** Injects one fault after the other until it is over; resolves when all are healed and made up for. */
export async function injectFaults(
  options: InjectOptions,
  over: AbortSignal,
): Promise<FaultRecord[]> {
  const { seed, faults, atOnce = atOnceUsual } = options;
  const holding = new Map<DrawnFault, Promise<void>>();
  const records: Promise<FaultRecord | undefined>[] = [];
  const hold = holdFault(options, over);
  for (let n = 0; ; n += 1) {
    const drawn = drawFault(seed, n, faults);
    while (!mayBegin(drawn, [...holding.keys()], atOnce)) await Promise.race(holding.values());
    const isOver = await pause((drawn.gapMs * atOnceUsual) / atOnce, false, { signal: over }).catch(
      () => true,
    );
    if (isOver) break;
    const { healed, record } = hold(drawn);
    holding.set(
      drawn,
      healed.finally(() => holding.delete(drawn)),
    );
    records.push(record);
  }
  return (await Promise.all(records)).filter((record) => record !== undefined);
}

/** So many at once at most, and only where they touch different things. */
export function mayBegin(
  { fault, overlaps }: DrawnFault,
  holding: readonly DrawnFault[],
  atOnce = atOnceUsual,
): boolean {
  if (holding.length === 0) return true;
  if (holding.length >= atOnce || (!overlaps && atOnce <= atOnceUsual)) return false;
  const taken = new Set<Area>(holding.flatMap((other) => other.fault.areas));
  return !fault.areas.some((area) => taken.has(area));
}
