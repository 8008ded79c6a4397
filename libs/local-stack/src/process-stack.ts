import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SamspillError } from '@samspill/kernel';
import { cacheFolder, obtain, type Artifact } from './artifact.ts';
import { createDatabase } from './database.ts';
import { chooseJava } from './java-choice.ts';
import { findJava } from './java-search.ts';
import { kafkaArtifact, planKafka } from './kafka-server.ts';
import type { LocalStack, ProgressStep, StackOptions } from './local-stack.ts';
import { choosePorts, type StackPorts } from './ports.ts';
import { planPostgres } from './postgres-server.ts';
import { startReaper } from './reaper-link.ts';
import { planRegistry, registryArtifact, registryUrl } from './registry-server.ts';
import type { ServerPlan, StackPart } from './server.ts';
import { ServerGroup } from './server-group.ts';
import { findRunningStack, removeStackFile, writeStackFile } from './stack-file.ts';

/** What a start knows once nothing can be asked for any more. */
interface Ground {
  readonly dataDir: string;
  readonly ports: StackPorts;
  readonly java: string;
  readonly jars: string;
  readonly registryProgram: string;
}

const parts: readonly StackPart[] = ['kafka', 'registry', 'postgres'];

const assertNotRunning = async (dataDir: string): Promise<void> => {
  const running = await findRunningStack(dataDir);
  if (running === undefined) return;
  const pids = running.parts.map(({ pid }) => pid).join(', ');
  throw new SamspillError('PORT_IN_USE', {
    place: `a stack runs on ${dataDir} already, with pids ${pids}`,
    mend: 'end it by: npm run samspill -- down',
  });
};

const prepare = async (
  options: StackOptions,
  onProgress: (step: ProgressStep) => void,
): Promise<Ground> => {
  const dataDir = resolve(options.dataDir);
  await assertNotRunning(dataDir);
  const ports = await choosePorts(options.ports ?? {}, process.env);
  const { path: java } = chooseJava(await findJava(process.env));
  const obtained = (part: StackPart, artifact: Artifact): Promise<string> =>
    obtain(artifact, cacheFolder(process.env), () => onProgress({ part, state: 'downloading' }));
  // One after the other: Maven's local repository is shared.
  const jars = await obtained('kafka', kafkaArtifact(java));
  const registryProgram = await obtained('registry', registryArtifact(java));
  await mkdir(dataDir, { recursive: true });
  for (const folder of ['logs', ...(options.fresh ? parts : [])]) {
    await rm(join(dataDir, folder), { recursive: true, force: true });
  }
  return { dataDir, ports, java, jars, registryProgram };
};

/** Starts Kafka beside PostgreSQL and the registry on it; answers with the URL of PostgreSQL. */
const startAll = async (
  ground: Ground,
  group: ServerGroup,
  onProgress: (step: ProgressStep) => void,
): Promise<string> => {
  const { dataDir, ports, java } = ground;
  const start = async (
    part: StackPart,
    plan: (place: { folder: string; logFile: string }) => Promise<ServerPlan>,
  ): Promise<void> => {
    onProgress({ part, state: 'starting' });
    const since = Date.now();
    const logFile = join(dataDir, 'logs', `${part}.log`);
    await group.start(await plan({ folder: join(dataDir, part), logFile }));
    onProgress({ part, state: 'ready', ms: Date.now() - since });
  };
  const startDatabases = async (): Promise<string> => {
    let databaseUrl = '';
    await start('postgres', async (place) => {
      const postgres = await planPostgres({ ...place, port: ports.postgres });
      ({ databaseUrl } = postgres);
      return postgres.plan;
    });
    await start('registry', async (place) =>
      planRegistry({
        ...place,
        java,
        program: ground.registryProgram,
        port: ports.registry,
        managementPort: ports.registryManagement,
        databaseUrl: await createDatabase(databaseUrl, 'registry'),
      }),
    );
    return databaseUrl;
  };
  const startKafka = start('kafka', (place) =>
    planKafka({
      ...place,
      java,
      jars: ground.jars,
      port: ports.kafka,
      controllerPort: ports.kafkaController,
    }),
  );
  // Both to their end: a server that is being started is known only then.
  const [kafka, databases] = await Promise.allSettled([startKafka, startDatabases()]);
  if (kafka.status === 'rejected') throw kafka.reason;
  if (databases.status === 'rejected') throw databases.reason;
  return databases.value;
};

/** The three servers as local processes, as `startLocalStack` describes. */
export const startProcesses = async (options: StackOptions): Promise<LocalStack> => {
  const onProgress = options.onProgress ?? (() => undefined);
  const ground = await prepare(options, onProgress);
  const { dataDir, ports } = ground;
  const group = new ServerGroup(startReaper());
  const stop = async (): Promise<void> => {
    await group.stop();
    await removeStackFile(dataDir);
  };
  try {
    const addresses = {
      databaseUrl: await startAll(ground, group, onProgress),
      kafkaBrokers: [`127.0.0.1:${ports.kafka}`],
      schemaRegistryUrl: registryUrl(ports.registry),
    };
    const record = (): Promise<void> =>
      writeStackFile(dataDir, { ...addresses, processes: group.processes });
    await record();
    if (options.detached) await group.release();
    return {
      ...addresses,
      kind: 'processes',
      get processes() {
        return group.processes.map(({ name, pid }) => ({ name, pid }));
      },
      stop,
      kill: (part, signal) => group.signal(part, signal),
      restart: async (part) => {
        await group.restart(part);
        await record();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
