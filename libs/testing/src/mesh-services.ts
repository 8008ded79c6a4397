import { join } from 'node:path';
import {
  choosePort,
  type PortSetting,
  type ServerPlan,
  type StackAddresses,
} from '@samspill/local-stack';

export const serviceNames = ['key-vault', 'measurements', 'emergency-ward'] as const;
export type ServiceName = (typeof serviceNames)[number];

const usualPorts: Record<ServiceName, number> = {
  'key-vault': 7410,
  measurements: 7411,
  'emergency-ward': 7412,
};

const settingOf = (name: ServiceName): string =>
  `SAMSPILL_${name.toUpperCase().replaceAll('-', '_')}_PORT`;

/** The ports that services take unless told otherwise. */
export const usualServicePorts = (env: NodeJS.ProcessEnv = process.env): PortSetting[] =>
  serviceNames.map((name) => ({
    ...{ part: name, setting: settingOf(name) },
    port: Number(env[settingOf(name)] || usualPorts[name]),
  }));

const root = join(import.meta.dirname, '../../..');

/** A port for each service: free ones, or `SAMSPILL_<SERVICE>_PORT`, or 7410 to 7412. Raises PORT_IN_USE. */
export async function servicePorts(free: boolean): Promise<Record<ServiceName, number>> {
  const ports: [ServiceName, number][] = [];
  const taken = new Set<number>();
  for (const name of serviceNames) {
    const setting = settingOf(name);
    const choice = { part: name, setting, usual: usualPorts[name], free };
    ports.push([name, await choosePort(choice, taken)]);
  }
  return Object.fromEntries(ports) as Record<ServiceName, number>;
}

export interface ServiceSurroundings {
  readonly stack: StackAddresses;
  readonly ports: Readonly<Record<ServiceName, number>>;
  readonly databases: Readonly<Record<ServiceName, string>>;
  readonly dataDir: string;
  /** What `compileServices` made; absent: each process translates the sources for itself. */
  readonly programs?: Readonly<Record<ServiceName, string>>;
  readonly serviceEnv?: Readonly<Record<string, string>>;
}

/** How to run a service as a process of its own. */
export function servicePlan(
  name: ServiceName,
  { stack, ports, databases, dataDir, programs, serviceEnv }: ServiceSurroundings,
): ServerPlan<ServiceName> {
  const url = `http://127.0.0.1:${ports[name]}`;
  return {
    part: name,
    command: process.execPath,
    args: [
      '--expose-gc',
      ...(programs
        ? ['--enable-source-maps', programs[name]]
        : ['--import', 'tsx', `apps/${name}/src/main.ts`]),
    ],
    cwd: root,
    env: {
      TSX_TSCONFIG_PATH: join(root, 'tsconfig.base.json'),
      PORT: String(ports[name]),
      KAFKA_BROKERS: stack.kafkaBrokers.join(','),
      SCHEMA_REGISTRY_URL: stack.schemaRegistryUrl,
      DATABASE_URL: databases[name],
      KEY_VAULT_URL: `http://127.0.0.1:${ports['key-vault']}`,
      SAMSPILL_KEK_FILE: join(dataDir, 'secrets/kek'),
      // A mesh that was killed is started again at once, and would wait for its former members.
      SAMSPILL_SESSION_TIMEOUT_MS: '10000',
      ...serviceEnv,
    },
    stopSignal: 'SIGTERM',
    logFile: join(dataDir, 'logs', `${name}.log`),
    answers: async () => {
      const answer = await fetch(`${url}/health/ready`);
      if (!answer.ok) throw new Error(`${name} answers ${answer.status}`);
    },
  };
}
