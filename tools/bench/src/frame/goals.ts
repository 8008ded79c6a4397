import type { SettingValues } from './benchmark.ts';
import type { ContenderResult, JudgedGoal } from './result.ts';

/** A figure of a contender, in all settings or in those named. */
export interface FigureOf {
  readonly contender: string;
  readonly figure: string;
  readonly where?: SettingValues;
}

/** What is to hold between medians; computed, never written by hand. */
export interface Goal {
  readonly text: string;
  readonly of: FigureOf;
  /** What it is divided by, in the same setting; absent: the figure itself counts. */
  readonly over?: FigureOf;
  /** Either bound, or both. */
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Holds when it holds in every setting in which it can be judged. */
export function judge(goal: Goal, results: readonly ContenderResult[]): JudgedGoal {
  const found = mediansOf(goal.of, results).flatMap(({ setting, median: value }) => {
    if (goal.over === undefined) return [{ setting, value, holds: isWithin(goal, value) }];
    return mediansOf(goal.over, results)
      .filter((peer) => agree(setting, peer.setting))
      .map(({ median: against }) => {
        const ratio = Number((value / against).toPrecision(3));
        return { setting, value, against, ratio, holds: isWithin(goal, value / against) };
      });
  });
  const holds = found.length === 0 ? null : found.every((one) => one.holds);
  return { text: goal.text, holds, found };
}

const isWithin = ({ atLeast = -Infinity, atMost = Infinity }: Goal, value: number): boolean =>
  value >= atLeast && value <= atMost;

function mediansOf(
  { contender, figure, where = {} }: FigureOf,
  results: readonly ContenderResult[],
): { setting: SettingValues; median: number }[] {
  return results
    .filter((one) => one.contender === contender && agree(one.setting, where))
    .flatMap(({ setting, figures }) => {
      const median = figures.find(({ name }) => name === figure)?.median;
      return median === undefined ? [] : [{ setting, median }];
    });
}

/** Nothing that both name differs. */
export const agree = (one: SettingValues, other: SettingValues): boolean =>
  Object.entries(other).every(([name, value]) => one[name] === undefined || one[name] === value);
