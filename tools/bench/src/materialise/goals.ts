import type { Goal } from '../frame/goals.ts';
import { sinkSettings } from '../connect/jdbc-sink.ts';

const warm = { process: 'warm' };
const rate = 'rows a second';
const cost = 'CPU a million rows';
const memory = 'peak memory of consumer';

const against = (sink: string): Goal[] => [
  {
    text: `unsealed rows at the warm rate of ${sink} or better`,
    of: { contender: 'ours, unsealed', figure: rate, where: warm },
    over: { contender: sink, figure: rate, where: warm },
    atLeast: 1,
  },
  {
    text: `sealed rows at 0.8 of the warm rate of ${sink} or better`,
    of: { contender: 'ours, sealed', figure: rate, where: warm },
    over: { contender: sink, figure: rate, where: warm },
    atLeast: 0.8,
  },
  {
    text: `CPU time of unsealed rows not above that of ${sink}`,
    of: { contender: 'ours, unsealed', figure: cost, where: warm },
    over: { contender: sink, figure: cost, where: warm },
    atMost: 1,
  },
  {
    text: `CPU time of sealed rows not above that of ${sink}`,
    of: { contender: 'ours, sealed', figure: cost, where: warm },
    over: { contender: sink, figure: cost, where: warm },
    atMost: 1,
  },
  {
    text: `unsealed rows in a quarter of the memory of ${sink}`,
    of: { contender: 'ours, unsealed', figure: memory, where: warm },
    over: { contender: sink, figure: memory, where: warm },
    atMost: 0.25,
  },
  {
    text: `sealed rows in a quarter of the memory of ${sink}`,
    of: { contender: 'ours, sealed', figure: memory, where: warm },
    over: { contender: sink, figure: memory, where: warm },
    atMost: 0.25,
  },
];

export const materialiseGoals: readonly Goal[] = sinkSettings.flatMap(({ name }) => against(name));
