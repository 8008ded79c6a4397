import { randomBytes } from 'node:crypto';
import {
  GenericContainer,
  Network,
  Wait,
  type StartedNetwork,
  type StartedTestContainer,
} from 'testcontainers';
import { SamspillError } from '@samspill/kernel';
import { createDatabase } from './database.ts';
import type { LocalStack, ProgressStep, StackOptions } from './local-stack.ts';
import { choosePorts, type StackPorts } from './ports.ts';
import { registryUrl } from './registry-server.ts';
import type { StackPart } from './server.ts';

/** The same settings as those of the local broker (see `kafka-server.ts`), as the image takes them. */
const kafkaSettings = (port: number): Record<string, string> => ({
  KAFKA_NODE_ID: '1',
  KAFKA_PROCESS_ROLES: 'broker,controller',
  KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
  KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
  KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
  KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
  KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  KAFKA_LOG_RETENTION_MS: '-1',
  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '8',
  KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
  KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
  KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
});

const registrySettings = (password: string): Record<string, string> => ({
  QUARKUS_OTEL_SDK_DISABLED: 'true',
  APICURIO_STORAGE_KIND: 'sql',
  APICURIO_STORAGE_SQL_KIND: 'postgresql',
  APICURIO_DATASOURCE_URL: 'jdbc:postgresql://postgres:5432/registry',
  APICURIO_DATASOURCE_USERNAME: 'postgres',
  APICURIO_DATASOURCE_PASSWORD: password,
});

/** Containers of one network, ended together. */
class ContainerGroup {
  readonly containers = new Map<StackPart, StartedTestContainer>();
  readonly #network: StartedNetwork;
  readonly #onProgress: (step: ProgressStep) => void;

  constructor(network: StartedNetwork, onProgress: (step: ProgressStep) => void) {
    this.#network = network;
    this.#onProgress = onProgress;
  }

  async start(part: StackPart, container: GenericContainer): Promise<void> {
    this.#onProgress({ part, state: 'starting' });
    const since = Date.now();
    const started = await container.withNetwork(this.#network).withNetworkAliases(part).start();
    this.containers.set(part, started);
    this.#onProgress({ part, state: 'ready', ms: Date.now() - since });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.containers.values()].map((container) => container.stop()));
    await this.#network.stop();
  }
}

const startAll = async (
  group: ContainerGroup,
  ports: StackPorts,
  databaseUrl: string,
): Promise<void> => {
  const { password } = new URL(databaseUrl);
  const startKafka = (): Promise<void> =>
    group.start(
      'kafka',
      new GenericContainer('apache/kafka:4.3.1')
        .withEnvironment(kafkaSettings(ports.kafka))
        .withExposedPorts({ container: 9092, host: ports.kafka })
        .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/)),
    );
  const startDatabases = async (): Promise<void> => {
    await group.start(
      'postgres',
      new GenericContainer('postgres:18')
        .withEnvironment({ POSTGRES_PASSWORD: password })
        .withExposedPorts({ container: 5432, host: ports.postgres })
        // A refused row is not written into the log.
        .withCommand(['postgres', '-c', 'log_min_messages=log'])
        // Once for the server that initialises, once for the one that stays.
        .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2)),
    );
    await createDatabase(databaseUrl, 'registry');
    await group.start(
      'registry',
      new GenericContainer('apicurio/apicurio-registry:3.3.3')
        .withEnvironment(registrySettings(password))
        .withExposedPorts({ container: 8080, host: ports.registry })
        .withWaitStrategy(Wait.forHttp('/apis/ccompat/v7/subjects', 8080)),
    );
  };
  const results = await Promise.allSettled([startKafka(), startDatabases()]);
  for (const result of results) {
    if (result.status === 'rejected') throw result.reason;
  }
};

/**
 * The three servers as Docker containers; they end with this process, by the reaper of `testcontainers`, and their
 * data with them. Fixed host ports, since a broker has to state its own address. Raises PART_DID_NOT_START.
 */
export const startContainers = async (options: StackOptions): Promise<LocalStack> => {
  const ports = await choosePorts(options.ports ?? {}, process.env);
  const password = randomBytes(18).toString('base64url');
  const databaseUrl = `postgres://postgres:${password}@127.0.0.1:${ports.postgres}/postgres`;
  let group: ContainerGroup | undefined;
  try {
    const network = await new Network().start();
    group = new ContainerGroup(network, options.onProgress ?? (() => undefined));
    await startAll(group, ports, databaseUrl);
  } catch (error) {
    await group?.stop().catch(() => undefined);
    throw new SamspillError('PART_DID_NOT_START', {
      place: 'containers in Docker',
      cause: error,
      mend: `Docker said: ${String(error)}; SAMSPILL_STACK=processes does without it`,
    });
  }
  const { containers } = group;
  return {
    kind: 'docker',
    kafkaBrokers: [`127.0.0.1:${ports.kafka}`],
    schemaRegistryUrl: registryUrl(ports.registry),
    databaseUrl,
    processes: [],
    stop: () => group.stop(),
    kill: (part) => {
      throw new SamspillError('CONFIG_INVALID', {
        place: `kill of ${part} in a container`,
        mend: 'run with SAMSPILL_STACK=processes: signals go to local processes only',
      });
    },
    restart: async (part) => containers.get(part)?.restart(),
  };
};
