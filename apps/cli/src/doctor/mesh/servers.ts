import type { MeshAddresses } from '../../mesh-addresses.ts';
import {
  brokerHealth,
  databaseHealth,
  registryHealth,
  type Health,
} from '../../status/part-health.ts';
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

async function ask(
  server: ServerName,
  { kafkaBrokers, schemaRegistryUrl, databaseUrl }: MeshAddresses,
): Promise<readonly Asked[]> {
  const asked = async (address: string, question: Promise<Health>): Promise<Asked> => ({
    address,
    health: (await question).health,
  });
  if (server === 'kafka') {
    return Promise.all(kafkaBrokers.map((address) => asked(address, brokerHealth(address))));
  }
  if (server === 'registry') {
    if (schemaRegistryUrl === undefined) return [];
    return [await asked(schemaRegistryUrl, registryHealth(schemaRegistryUrl))];
  }
  if (databaseUrl === undefined) return [];
  // Without user and password.
  const host = URL.canParse(databaseUrl) ? new URL(databaseUrl).host : 'DATABASE_URL';
  return [await asked(host, databaseHealth(databaseUrl))];
}
