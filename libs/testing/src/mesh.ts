import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dataProducts } from '@samspill/contracts';
import { ensureTopics } from '@samspill/event-log';
import {
  assertNoneRuns,
  createDatabase,
  ServerGroup,
  startLocalStack,
  startReaper,
  type LocalStack,
  type ProgressStep,
  type StackAddresses,
  type StackPorts,
} from '@samspill/local-stack';
import { refuseProductionMode } from '@samspill/kernel';
import { applySchemas } from '@samspill/schema-registry';
import { compileServices } from './compile-services.ts';
import { serviceNames, servicePlan, servicePorts, type ServiceName } from './mesh-services.ts';
import { removeMeshFile, writeMeshFile } from './mesh-file.ts';

/** The whole mesh on this machine: servers, schemas and topics, services. */
export interface Mesh {
  readonly stack: LocalStack;
  /** Base URL of each service. */
  readonly urls: Readonly<Record<ServiceName, string>>;
  readonly dataDir: string;
  /** Sends a signal to a service, for tests of failure. */
  kill(service: ServiceName, signal: NodeJS.Signals): void;
  /** Starts a service again, ending it first where it runs. */
  restart(service: ServiceName): Promise<void>;
  /** Ends services, then servers. */
  stop(): Promise<void>;
}

export type MeshStep =
  | ProgressStep
  | { readonly part: 'schemas' | ServiceName; readonly state: 'starting' }
  | { readonly part: 'schemas' | ServiceName; readonly state: 'ready'; readonly ms: number };

export interface MeshOptions {
  /** Data, secrets and logs; made where absent. */
  readonly dataDir: string;
  /** 'free' picks free ports for servers and services; else settings and defaults hold. */
  readonly ports?: 'free' | Partial<StackPorts>;
  readonly fresh?: boolean;
  readonly onProgress?: (step: MeshStep) => void;
  /** Servers and services outlive this process; `stopRunningMesh` ends them. */
  readonly detached?: boolean;
  /** Beside what the mesh tells each service, for example LOG_LEVEL. */
  readonly serviceEnv?: Readonly<Record<string, string>>;
}

/** Starts everything and resolves when each service is ready. Ends what was started when a part fails. */
export async function startMesh(options: MeshOptions): Promise<Mesh> {
  const { dataDir, onProgress } = options;
  // The services would refuse too, but only after schemas and topics were made.
  refuseProductionMode(process.env);
  await mkdir(dataDir, { recursive: true });
  await assertNoneRuns(dataDir);
  // One in use is said before the servers take their seconds; free ones are looked for once the servers have theirs.
  const compiled = compileServices();
  compiled.catch(() => undefined);
  const usualPorts = options.ports === 'free' ? undefined : await servicePorts(false);
  const stack = await startLocalStack({
    dataDir,
    ...(options.ports && { ports: options.ports }),
    ...(options.fresh !== undefined && { fresh: options.fresh }),
    ...(options.detached !== undefined && { detached: options.detached }),
    ...(onProgress && { onProgress }),
  });
  const services = new ServerGroup<ServiceName>(startReaper());
  const stop = async (): Promise<void> => {
    await services.stop();
    await removeMeshFile(dataDir);
    await stack.stop();
  };
  try {
    await step('schemas', onProgress, () => release(stack));
    const ports = usualPorts ?? (await servicePorts(true));
    const databases = await serviceDatabases(stack.databaseUrl);
    const programs = await compiled;
    await Promise.all(
      serviceNames.map((name) =>
        step(name, onProgress, () =>
          services.start(servicePlan(name, { ...options, stack, ports, databases, programs })),
        ),
      ),
    );
    const urls = urlsOf(ports);
    const record = (): Promise<void> =>
      writeMeshFile(dataDir, { urls, processes: services.processes });
    await record();
    if (options.detached) await services.release();
    return {
      stack,
      urls,
      dataDir,
      kill: (service, signal) => services.signal(service, signal),
      restart: async (service) => {
        await services.restart(service);
        await record();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The release step: schemas, then topics. */
async function release({ schemaRegistryUrl, kafkaBrokers }: StackAddresses): Promise<void> {
  await applySchemas({ registryUrl: schemaRegistryUrl, products: dataProducts });
  await ensureTopics(kafkaBrokers, dataProducts);
}

/** Makes the database of each service where it is absent; answers with their URLs. */
export async function serviceDatabases(databaseUrl: string): Promise<Record<ServiceName, string>> {
  const urls = await Promise.all(
    serviceNames.map(
      async (name) => [name, await createDatabase(databaseUrl, name.replaceAll('-', '_'))] as const,
    ),
  );
  return Object.fromEntries(urls) as Record<ServiceName, string>;
}

const urlsOf = (ports: Record<ServiceName, number>): Record<ServiceName, string> =>
  Object.fromEntries(
    serviceNames.map((name) => [name, `http://127.0.0.1:${ports[name]}`]),
  ) as Record<ServiceName, string>;

async function step(
  part: 'schemas' | ServiceName,
  onProgress: MeshOptions['onProgress'],
  work: () => Promise<void>,
): Promise<void> {
  onProgress?.({ part, state: 'starting' });
  const start = performance.now();
  await work();
  onProgress?.({ part, state: 'ready', ms: Math.round(performance.now() - start) });
}

/** Where the mesh of a checkout keeps its data. */
export const defaultDataDir = (root: string): string => join(root, '.samspill');
