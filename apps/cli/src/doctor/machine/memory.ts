import { ok, problem, warning, type Check, type Surroundings } from '../check.ts';
import type { Least } from './disk-space.ts';
import { gibibytes } from './gibibytes.ts';

/** Three servers and three services take some 1.5 GiB; once they run, what they have grown to is taken already. */
const toStart: Least = { warning: 2 * 2 ** 30, problem: 2 ** 30 };
const toGoOn: Least = { warning: 2 ** 28, problem: 2 ** 26 };

/** What processes may still take, by limits of a container too. */
export const memoryCheck = (
  { runs }: Pick<Surroundings, 'runs'>,
  least = runs ? toGoOn : toStart,
): Check => ({
  name: 'memory',
  group: 'machine',
  look: () => {
    const available = process.availableMemory();
    const what = `${gibibytes(available)} available`;
    if (available >= least.warning) return [ok(what)];
    const mend = 'end what is not needed, or give the machine more';
    return [available < least.problem ? problem(what, mend) : warning(what, mend)];
  },
});
