import { sinkSettings } from '../connect/jdbc-sink.ts';
import type { Goal } from '../frame/goals.ts';

export const freshnessGoals: readonly Goal[] = sinkSettings.flatMap(({ name: sink }) =>
  ['ours, unsealed', 'ours, sealed'].flatMap((contender) =>
    ['p50', 'p99'].map((figure) => ({
      text: `${figure} of ${contender} below that of ${sink}`,
      of: { contender, figure },
      over: { contender: sink, figure },
      atMost: 1,
    })),
  ),
);
