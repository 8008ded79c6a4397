import { join } from 'node:path';
import { dataProducts } from '@samspill/contracts';
import { ensureTopics } from '@samspill/event-log';
import {
  createDatabase,
  freePort,
  ServerGroup,
  startLocalStack,
  startReaper,
  withDatabase,
  type LocalStack,
} from '@samspill/local-stack';
import { applySchemas } from '@samspill/schema-registry';
import {
  compileServices,
  serviceDatabases,
  serviceNames,
  servicePlan,
  type ServiceName,
} from '@samspill/testing';
import type { BenchOptions } from '../frame/benchmark.ts';
import type { MeteredPart } from '../meters/meter.ts';

/** Kafka, registry and PostgreSQL as local processes, and the key vault on them. */
export interface BenchServers {
  readonly stack: LocalStack;
  /** A database of its own for what contenders write. */
  readonly databaseUrl: string;
  readonly keyVaultUrl: string;
  /** What is metered beside the contenders. */
  readonly parts: Readonly<Record<'database' | 'broker' | 'key vault', MeteredPart>>;
  readonly versions: Readonly<Record<string, string>>;
  /** Starts another service of the mesh as `samspill up` does, and waits until it is ready. */
  startService(name: ServiceName, env?: Readonly<Record<string, string>>): Promise<BenchService>;
  stop(): Promise<void>;
}

export interface BenchService extends MeteredPart {
  readonly url: string;
  /** Its own. */
  readonly databaseUrl: string;
}

/**
 * The default of 1 GB lets checkpoints fall into some runs and not into others. For all contenders alike, and the one setting
 * that differs from those of `samspill up`.
 */
const walSetting = "ALTER SYSTEM SET max_wal_size = '4GB'";

/** Starts the servers on empty data, as processes of this machine, whatever the environment names. */
export async function startServers(
  { folder, say }: Pick<BenchOptions, 'folder' | 'say'>,
  brokerSettings: Readonly<Record<string, string>> = {},
): Promise<BenchServers> {
  const began = performance.now();
  const dataDir = join(folder, 'servers');
  // Containers could not be metered.
  process.env['SAMSPILL_STACK'] = 'processes';
  const stack = await startLocalStack({
    dataDir,
    ports: 'free',
    fresh: true,
    ignoreEnvironment: true,
    brokerSettings,
  });
  const services = new ServerGroup<ServiceName>(startReaper());
  const stop = async (): Promise<void> => {
    await services.stop();
    await stack.stop();
  };
  try {
    await applySchemas({ registryUrl: stack.schemaRegistryUrl, products: dataProducts });
    await ensureTopics(stack.kafkaBrokers, dataProducts);
    const version = await withDatabase(stack.databaseUrl, async (db) => {
      await db.query(walSetting);
      await db.query('SELECT pg_reload_conf()');
      const { rows } = await db.query<{ server_version: string }>('SHOW server_version');
      return rows[0]?.server_version ?? 'unknown';
    });
    const ports = await freePorts();
    const databases = await serviceDatabases(stack.databaseUrl);
    const surroundings = { stack, ports, databases, dataDir, programs: await compileServices() };
    await services.start(servicePlan('key-vault', surroundings));
    say(`servers started in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    return {
      stack,
      databaseUrl: await createDatabase(stack.databaseUrl, 'bench'),
      keyVaultUrl: `http://127.0.0.1:${ports['key-vault']}`,
      parts: {
        database: { pid: pidOf(stack.processes, 'postgres'), sharesMemory: true },
        broker: { pid: pidOf(stack.processes, 'kafka') },
        'key vault': { pid: pidOf(services.processes, 'key-vault') },
      },
      versions: { Kafka: '4.3.1', PostgreSQL: version },
      startService: async (name, serviceEnv = {}) => {
        await services.start(servicePlan(name, { ...surroundings, serviceEnv }));
        return {
          url: `http://127.0.0.1:${ports[name]}`,
          pid: pidOf(services.processes, name),
          databaseUrl: databases[name],
        };
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function freePorts(): Promise<Record<ServiceName, number>> {
  const taken = new Set<number>();
  const ports: [ServiceName, number][] = [];
  for (const name of serviceNames) ports.push([name, await freePort(taken)]);
  return Object.fromEntries(ports) as Record<ServiceName, number>;
}

function pidOf(
  processes: readonly { readonly name: string; readonly pid: number }[],
  name: string,
): number {
  const found = processes.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} does not run`);
  return found.pid;
}
