import type { SettingValues } from './benchmark.ts';
import type { ContenderResult } from './result.ts';
import { figureOf } from './samples.ts';

/** A contender with one figure. */
export const reached = (
  contender: string,
  setting: SettingValues,
  ...samples: readonly number[]
): ContenderResult => ({
  contender,
  setting,
  failures: [],
  figures: [figureOf('rate', 'rows/s', samples)],
});
