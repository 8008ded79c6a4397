import { join } from 'node:path';
import { registryUrl, type ServerPlan } from '@samspill/local-stack';
import { serviceNames, servicePlan, type ServiceName } from '@samspill/testing';
import { ordersSetting } from '../inside/orders.ts';
import { eachService } from './each-service.ts';
import { brokerIds, type InstanceName, type PartName } from './fault-mesh.ts';
import type { MeshPorts } from './mesh-ports.ts';

/** Short, so that a run of minutes sees many take-overs. */
export const sessionTimeoutMs = 6_000;

export interface InstanceGround {
  readonly dataDir: string;
  readonly ports: MeshPorts;
  /** Past the proxy. */
  readonly databaseUrls: Readonly<Record<ServiceName, string>>;
}

const preload = join(import.meta.dirname, '../inside/preload.ts');

/** The orders of an instance, which its preload reads. */
export const ordersFile = (dataDir: string, instance: InstanceName): string =>
  join(dataDir, 'orders', `${instance}.json`);

export const serviceOf = (instance: InstanceName): ServiceName =>
  instance.slice(0, instance.lastIndexOf('-')) as ServiceName;

/** The three instances of each service; the third is there to join and leave. */
export const planInstances = (ground: InstanceGround): ServerPlan<PartName>[] =>
  serviceNames.flatMap((name) =>
    ([1, 2, 3] as const).map((number) => planInstance(ground, name, number)),
  );

function planInstance(
  { dataDir, ports, databaseUrls }: InstanceGround,
  name: ServiceName,
  number: 1 | 2 | 3,
): ServerPlan<PartName> {
  const part = `${name}-${number}` as const;
  const plan = servicePlan(name, {
    stack: {
      kafkaBrokers: brokerIds.map((id) => `127.0.0.1:${ports.brokers[id].proxy}`),
      schemaRegistryUrl: registryUrl(ports.registry),
      databaseUrl: '',
    },
    ports: eachService((service) => ports.services[service][number - 1] ?? 0),
    databases: databaseUrls,
    dataDir,
    serviceEnv: {
      DATABASE_URL: throughProxy(databaseUrls[name], ports.postgresProxy),
      KEY_VAULT_URL: `http://127.0.0.1:${ports.keyVaultProxy}`,
      SAMSPILL_SESSION_TIMEOUT_MS: String(sessionTimeoutMs),
      // Readers ask all the time.
      SAMSPILL_LOOKUPS_PER_MINUTE: '10000000',
      [ordersSetting]: ordersFile(dataDir, part),
    },
  });
  const [program = ''] = plan.args.slice(-1);
  const args = ['--import', 'tsx', '--import', preload, program];
  return { ...plan, args, part, logFile: join(dataDir, 'logs', `${part}.log`) };
}

const throughProxy = (databaseUrl: string, port: number): string => {
  const url = new URL(databaseUrl);
  url.port = String(port);
  return url.href;
};
