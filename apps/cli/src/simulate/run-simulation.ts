import { pause } from '@samspill/kernel';
import type { HomeBundle } from '@samspill/testing';
import { postBundle, type PostOptions } from './post-bundle.ts';
import { count, emptyTally, type Tally } from './tally.ts';

export interface SimulationOptions extends PostOptions {
  readonly bundles: Iterable<HomeBundle>;
  /** Bundles on their way at the same time, at most. */
  readonly concurrency: number;
  /** Measurements a second at most; undefined: as fast as the intake answers. */
  readonly ratePerSecond: number | undefined;
  readonly onBundle: (bundle: HomeBundle, tally: Tally) => void;
}

/** Posts all bundles in their order, several at a time. Ends early, with what was posted, when the signal comes. */
export async function runSimulation(options: SimulationOptions): Promise<Tally> {
  const tally = emptyTally();
  const queue = options.bundles[Symbol.iterator]();
  const pace = pacer(options.ratePerSecond, options.signal);
  const worker = async (): Promise<void> => {
    for (;;) {
      const next = queue.next();
      if (next.done) return;
      await pace(next.value.measurements);
      if (options.signal.aborted) return;
      for (const outcome of await postBundle(next.value, options)) count(tally, outcome);
      options.onBundle(next.value, tally);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  return tally;
}

/** Waits until so many measurements more fit the rate. */
function pacer(ratePerSecond: number | undefined, signal: AbortSignal) {
  let nextAt = performance.now();
  return async (measurements: number): Promise<void> => {
    if (ratePerSecond === undefined) return;
    const waitMs = nextAt - performance.now();
    nextAt = Math.max(nextAt, performance.now()) + (measurements / ratePerSecond) * 1000;
    if (waitMs > 0) await pause(waitMs, signal);
  };
}
