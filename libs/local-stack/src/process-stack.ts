import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createDatabase } from './database.ts';
import type { StackAddresses } from './environment.ts';
import { planKafka } from './kafka-server.ts';
import type { LocalStack, ProgressStep, StackOptions } from './local-stack.ts';
import { choosePorts, type StackPorts } from './ports.ts';
import { choosePostgresUrl, planPostgres } from './postgres-server.ts';
import { startReaper } from './reaper-link.ts';
import { planRegistry, registryUrl } from './registry-server.ts';
import { obtainPrograms, type ServerPrograms } from './server-programs.ts';
import type { ServerPlan, StackPart } from './server.ts';
import { ServerGroup } from './server-group.ts';
import { assertNoneRuns, removeStackFile, writeStackFile } from './stack-file.ts';

/** What a start knows once it can begin. */
interface Ground extends ServerPrograms {
  readonly dataDir: string;
  readonly ports: StackPorts;
  readonly addresses: StackAddresses;
  readonly brokerSettings: Readonly<Record<string, string>>;
}

const parts: readonly StackPart[] = ['kafka', 'registry', 'postgres'];

const prepare = async (
  options: StackOptions,
  onProgress: (step: ProgressStep) => void,
): Promise<Ground> => {
  const dataDir = resolve(options.dataDir);
  await assertNoneRuns(dataDir);
  const ports = await choosePorts(options.ports ?? {}, process.env);
  const programs = await obtainPrograms((part) => onProgress({ part, state: 'downloading' }));
  for (const folder of ['logs', ...(options.fresh ? parts : [])]) {
    await rm(join(dataDir, folder), { recursive: true, force: true });
  }
  const addresses = {
    kafkaBrokers: [`127.0.0.1:${ports.kafka}`],
    schemaRegistryUrl: registryUrl(ports.registry),
    databaseUrl: await choosePostgresUrl(join(dataDir, 'postgres'), ports.postgres),
  };
  const { brokerSettings = {} } = options;
  return { dataDir, ports, addresses, brokerSettings, ...programs };
};

/** Starts Kafka beside PostgreSQL and the registry on it. */
const startAll = async (
  { dataDir, ports, addresses, brokerSettings, java, kafkaJars, registryProgram }: Ground,
  group: ServerGroup,
  onProgress: (step: ProgressStep) => void,
): Promise<void> => {
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
  const startKafka = (): Promise<void> =>
    start('kafka', (place) =>
      planKafka({
        ...place,
        java,
        jars: kafkaJars,
        port: ports.kafka,
        controllerPort: ports.kafkaController,
        settings: brokerSettings,
      }),
    );
  const startDatabases = async (): Promise<void> => {
    const { databaseUrl } = addresses;
    await start('postgres', (place) =>
      planPostgres({ ...place, port: ports.postgres, databaseUrl }),
    );
    await start('registry', async (place) =>
      planRegistry({
        ...place,
        java,
        program: registryProgram,
        port: ports.registry,
        managementPort: ports.registryManagement,
        databaseUrl: await createDatabase(databaseUrl, 'registry'),
      }),
    );
  };
  // Both to their end, whatever happens to the other: only then is every server known that has to be ended.
  const results = await Promise.allSettled([startKafka(), startDatabases()]);
  for (const result of results) {
    if (result.status === 'rejected') throw result.reason;
  }
};

/** The three servers as local processes, as `startLocalStack` describes. */
export const startProcesses = async (options: StackOptions): Promise<LocalStack> => {
  const onProgress = options.onProgress ?? (() => undefined);
  const ground = await prepare(options, onProgress);
  const { dataDir, addresses } = ground;
  const group = new ServerGroup(startReaper());
  const stop = async (): Promise<void> => {
    await group.stop();
    await removeStackFile(dataDir);
  };
  const record = (): Promise<void> =>
    writeStackFile(dataDir, { ...addresses, processes: group.processes });
  try {
    await startAll(ground, group, onProgress);
    await record();
    if (options.detached) await group.release();
  } catch (error) {
    await stop();
    throw error;
  }
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
};
