import { stackProcesses } from '@samspill/local-stack';
import { meshProcesses } from '@samspill/testing';
import { ok, problem, warning, type Check, type Surroundings } from '../check.ts';

/** What a run that was killed left behind: files that name processes which are gone. */
export const leftoversCheck = ({ dataDir }: Pick<Surroundings, 'dataDir'>): Check => ({
  name: 'leftovers',
  group: 'machine',
  look: async () => {
    const [servers, services] = await Promise.all([
      stackProcesses(dataDir),
      meshProcesses(dataDir),
    ]);
    const named = [...(servers ?? []), ...(services ?? [])];
    const gone = named.filter(({ running }) => !running);
    if (gone.length === 0) return [ok('none')];
    const names = gone.map(({ name, pid }) => `${name} (process ${pid})`).join(', ');
    return [
      gone.length === named.length
        ? warning(`a run that was killed left its files: ${names} gone`, 'samspill down')
        : problem(`${names} gone, while others run`, 'samspill down, then samspill up'),
    ];
  },
});
