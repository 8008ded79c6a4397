import { isFree, stackPorts, type PortSetting } from '@samspill/local-stack';
import { usualServicePorts } from '@samspill/testing';
import { ok, problem, type Check, type Finding, type Surroundings } from '../check.ts';
import { serversAreNamed } from './named-servers.ts';
import { portHolder } from './port-holder.ts';

/** The ports that samspill up would take. */
export const portsCheck = ({ env, runs }: Pick<Surroundings, 'env' | 'runs'>): Check => ({
  name: 'ports',
  group: 'machine',
  look: async () => {
    if (runs) return [ok('in use by the mesh that runs')];
    const wanted = [...(serversAreNamed(env) ? [] : stackPorts(env)), ...usualServicePorts(env)];
    // One after the other: whether a port is free is found out by listening there.
    const held: Finding[] = [];
    const seen = new Map<number, string>();
    for (const one of wanted) {
      const other = seen.get(one.port);
      seen.set(one.port, one.part);
      held.push(...(other === undefined ? await findingOf(one) : [wantedTwice(one, other)]));
    }
    return held.length > 0 ? held : [ok(`${wanted.map(({ port }) => port).join(', ')} are free`)];
  },
});

const wantedTwice = ({ part, port, setting }: PortSetting, other: string): Finding =>
  problem(`${port} is wanted for ${other} and for ${part}`, `choose another by ${setting}`);

async function findingOf({ part, port, setting }: PortSetting): Promise<Finding[]> {
  if (await isFree(port)) return [];
  const holder = await portHolder(port);
  const what = `${port}, of ${part}, is held by ${holder?.name ?? 'a process of another user'}`;
  const other = `samspill up --free-ports, or another port by ${setting}`;
  if (holder === undefined) return [problem(what, other)];
  return [problem(`${what} (process ${holder.pid})`, `kill ${holder.pid}, or ${other}`)];
}
