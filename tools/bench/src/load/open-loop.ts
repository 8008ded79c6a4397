import { setTimeout as pause } from 'node:timers/promises';
import { latencies } from './latencies.ts';
import type { LoopResult } from './closed-loop.ts';

export interface OpenLoop {
  readonly perSecond: number;
  readonly lastsMs: number;
  /** One request, the nth, due at that moment of `performance.now()`; rejects when it was not answered as it should be. */
  readonly send: (n: number, dueMs: number) => Promise<void>;
}

/**
 * Sends at a fixed rate whatever the answers do, and counts each time from the moment at which the request was due. So a
 * service that stands still is seen by all who came meanwhile, not by one caller alone (coordinated omission).
 */
export async function openLoop({ perSecond, lastsMs, send }: OpenLoop): Promise<LoopResult> {
  const times = latencies();
  const open = new Set<Promise<void>>();
  const everyMs = 1_000 / perSecond;
  const requests = Math.round((lastsMs * perSecond) / 1_000);
  let failed: Promise<void> | undefined;
  // Timers fire on whole milliseconds: begun with one, they are on time for whole intervals.
  await pause(1);
  const begin = performance.now();
  for (let n = 0; n < requests && failed === undefined; n += 1) {
    const dueMs = begin + n * everyMs;
    if (performance.now() < dueMs) await pause(dueMs - performance.now());
    const one = send(n, dueMs).then(() => times.note(performance.now() - dueMs));
    open.add(one);
    one.then(
      () => open.delete(one),
      () => {
        failed ??= one;
      },
    );
  }
  await Promise.allSettled(open);
  await failed;
  const seconds = (performance.now() - begin) / 1_000;
  return { answered: times.count, perSecond: times.count / seconds, times };
}
