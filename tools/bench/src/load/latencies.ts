import { createHistogram } from 'node:perf_hooks';

/** Times of answers, in milliseconds; kept to a thousandth of each (HDR histogram). */
export interface Latencies {
  note(ms: number): void;
  readonly count: number;
  /** The time within which that many of a hundred were answered; 0 while there is none. */
  percentile(percent: number): number;
  readonly max: number;
}

export function latencies(): Latencies {
  const microseconds = createHistogram({ figures: 3, highest: 600_000_000 });
  return {
    note: (ms) => microseconds.record(Math.max(1, Math.round(ms * 1_000))),
    get count() {
      return microseconds.count;
    },
    percentile: (percent) =>
      microseconds.count === 0 ? 0 : microseconds.percentile(percent) / 1_000,
    get max() {
      return microseconds.count === 0 ? 0 : microseconds.max / 1_000;
    },
  };
}
