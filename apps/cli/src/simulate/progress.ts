import { Presets, SingleBar } from 'cli-progress';
import type { SeriesDescription } from './describe-series.ts';
import { tallied, type Tally } from './tally.ts';

export interface Progress {
  show(tally: Tally): void;
  end(): void;
}

/** A bar with rate and time left; a line every five seconds where no terminal is. */
export function simulationProgress({ measurements }: SeriesDescription): Progress {
  const bar = new SingleBar(
    {
      // Fits 80 columns with a million measurements.
      barsize: 16,
      format:
        '{bar} {percentage}% | {value} of {total} | {rate} measurements/s | {eta_formatted} left',
      noTTYOutput: true,
      notTTYSchedule: 5_000,
      hideCursor: true,
      etaBuffer: 200,
    },
    Presets.shades_classic,
  );
  const start = performance.now();
  bar.start(measurements, 0, { rate: 0 });
  return {
    show: (tally) => {
      const done = tallied(tally);
      bar.update(done, { rate: rateOf(done, performance.now() - start) });
    },
    end: () => bar.stop(),
  };
}

/** Whole ones a second. */
export const rateOf = (count: number, ms: number): number =>
  ms > 0 ? Math.round((count * 1000) / ms) : 0;
