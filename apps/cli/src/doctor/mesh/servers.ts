import type { MeshAddresses } from '../../mesh-addresses.ts';
import { serversAt } from '../../status/mesh-parts.ts';
import type { Health } from '../../status/part-health.ts';
import { ok, problem, skipped, type Check, type ServerName } from '../check.ts';

export interface ServerChecks {
  readonly checks: readonly Check[];
  /** Whether a server answers: asked once, however many want to know. */
  readonly answers: (server: ServerName) => Promise<boolean>;
}

interface Asked {
  readonly address: string;
  readonly health: Health['health'];
}

/** Kafka, registry and PostgreSQL answer; what else there is to see of them hangs on that. */
export function serverChecks(addresses: MeshAddresses): ServerChecks {
  const once = new Map<ServerName, Promise<readonly Asked[]>>();
  const asked = (server: ServerName): Promise<readonly Asked[]> => {
    const question = once.get(server) ?? ask(server, addresses);
    once.set(server, question);
    return question;
  };
  const checkOf = (name: ServerName): Check => ({
    name,
    group: 'mesh',
    look: async () => {
      const found = await asked(name);
      if (found.length === 0) return [skipped('no address is known')];
      return found.map(({ address, health }) =>
        health === 'ready' ? ok(`answers at ${address}`) : problem(`${health} at ${address}`, mend),
      );
    },
  });
  return {
    checks: [checkOf('kafka'), checkOf('registry'), checkOf('postgres')],
    answers: async (server) => (await asked(server)).some(({ health }) => health === 'ready'),
  };
}

const mend = 'samspill status, which says whether it runs; its log is in the data folder';

const ask = (server: ServerName, addresses: MeshAddresses): Promise<readonly Asked[]> =>
  Promise.all(
    serversAt(addresses)
      .filter(({ name }) => name === server)
      .map(async ({ address, health }) => ({ address, health: (await health()).health })),
  );
