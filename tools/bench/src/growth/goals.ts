import type { Goal } from '../frame/goals.ts';

const flat = (text: string, figure: string, from: string, atMost: number): Goal => ({
  text,
  of: { contender: 'all', figure },
  over: { contender: from, figure },
  atMost,
});

const restartMaxSeconds = 5;

/** Flat: what a fresh process needs to become fast and to fill its caches may show, growth may not. */
export const growthGoals: readonly Goal[] = [
  flat(
    'growth: an event costs as much CPU time among a hundred times as many',
    'CPU a million rows',
    'a hundredth',
    1.1,
  ),
  flat(
    'growth: ten times as many events take no more memory',
    'peak memory of consumer',
    'a tenth',
    1.2,
  ),
  ...['a hundredth', 'a tenth', 'all'].map((contender): Goal => ({
    text: `growth: restart to caught up under ${restartMaxSeconds} s, ${contender} of the events`,
    of: { contender, figure: 'restart to caught up' },
    atMost: restartMaxSeconds,
  })),
];
