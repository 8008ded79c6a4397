import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Artifact } from './artifact.ts';
import { askBroker } from './ask-broker.ts';
import { runMaven } from './maven.ts';
import { runOnce, type ServerPlan } from './server.ts';

const ownFile = (name: string): string =>
  fileURLToPath(new URL(`../kafka/${name}`, import.meta.url));

/** The 92 jars of the broker and its tools. */
export const kafkaArtifact = (java: string): Artifact => ({
  name: 'kafka',
  version: '4.3.1',
  digest: 'db2fc505f7dbcfad343e51b9dacb63823a487b5f6a2f01fbfb19f24f30fabb45',
  fetch: (folder) =>
    runMaven(
      'Kafka 4.3.1',
      'copy-dependencies',
      ['-f', ownFile('pom.xml'), '-DincludeScope=runtime', `-DoutputDirectory=${folder}`],
      java,
    ),
});

/** The other nodes of a cluster, where a broker is one of several. */
export interface KafkaCluster {
  /** 22 characters of base64url; the same for each node, for ever. */
  readonly id: string;
  readonly nodeId: number;
  /** Controller port of each node, by node id; this one is among them. */
  readonly controllerPorts: Readonly<Record<number, number>>;
  /** Where brokers, and clients that shall pass no proxy, reach this node. */
  readonly innerPort: number;
  /** Where clients are told to come: the port of a proxy before this node. */
  readonly advertisedPort: number;
}

const oneNode = (port: number, controllerPort: number): string => `
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
# One node has no replicas.
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# After kill -9 the controller lets the broker in again only when the session of the killed one is over.
broker.session.timeout.ms=3000
`;

const nodeOfCluster = (port: number, controllerPort: number, cluster: KafkaCluster): string => {
  const { nodeId, controllerPorts, innerPort, advertisedPort } = cluster;
  const voters = Object.entries(controllerPorts).map(([id, at]) => `${id}@127.0.0.1:${at}`);
  return `
node.id=${nodeId}
controller.quorum.voters=${voters.join(',')}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,INNER:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=INNER
listeners=PLAINTEXT://127.0.0.1:${port},INNER://127.0.0.1:${innerPort},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${advertisedPort},INNER://127.0.0.1:${innerPort}
# A record is acknowledged when two of three nodes have it, and no node without it becomes leader.
default.replication.factor=3
min.insync.replicas=2
unclean.leader.election.enable=false
offsets.topic.replication.factor=3
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
share.coordinator.state.topic.replication.factor=3
share.coordinator.state.topic.min.isr=2
# A dead leader is followed within seconds; below this a busy machine lets live ones look dead.
broker.session.timeout.ms=5000
`;
};

/** A node that is broker and controller at once. What differs from Kafka's defaults, and why. */
const properties = (
  dataFolder: string,
  port: number,
  controllerPort: number,
  cluster: KafkaCluster | undefined,
): string =>
  `
process.roles=broker,controller
controller.listener.names=CONTROLLER
log.dirs=${dataFolder}
# Topics come from the data products alone.
auto.create.topics.enable=false
# The log is the source of truth: a topic that is to forget says so itself.
log.retention.ms=-1
offsets.topic.num.partitions=8
broker.heartbeat.interval.ms=500
# Tests of failure wait for sessions to end.
group.min.session.timeout.ms=1000
group.initial.rebalance.delay.ms=0
`.trimStart() +
  (cluster === undefined
    ? oneNode(port, controllerPort)
    : nodeOfCluster(port, controllerPort, cluster)
  ).trimStart();

/** Formats the data folder where that was not done yet, and says how to run the broker. */
export const planKafka = async (options: {
  readonly java: string;
  readonly jars: string;
  readonly folder: string;
  readonly logFile: string;
  readonly port: number;
  readonly controllerPort: number;
  /** Absent: one node alone. */
  readonly cluster?: KafkaCluster;
  /** Instead of, or beside, those that stand here. */
  readonly settings?: Readonly<Record<string, string>>;
}): Promise<ServerPlan> => {
  const { java, jars, folder, logFile, port, controllerPort, cluster, settings = {} } = options;
  const dataFolder = join(folder, 'data');
  const config = join(folder, 'server.properties');
  const classes = ['-cp', join(jars, '*')];
  await mkdir(folder, { recursive: true });
  // Of two lines with the same name the last one counts.
  const further = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  const own = properties(dataFolder, port, controllerPort, cluster);
  await writeFile(config, own + further.join(''));
  const logging = `-Dlog4j2.configurationFile=${ownFile('log4j2.properties')}`;
  if (!existsSync(join(dataFolder, 'meta.properties'))) {
    const clusterId = cluster?.id ?? randomBytes(16).toString('base64url');
    const format = ['format', '--ignore-formatted', `--cluster-id=${clusterId}`, '-c', config];
    await runOnce('kafka', java, [
      '-XX:TieredStopAtLevel=1',
      logging,
      ...classes,
      'kafka.tools.StorageTool',
      ...format,
    ]);
  }
  return {
    part: 'kafka',
    command: java,
    args: [
      ...['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC'],
      // Several nodes on one machine, started again and again: quick compilation costs less than it gives.
      ...(cluster === undefined ? [] : ['-XX:TieredStopAtLevel=1']),
      ...[logging, ...classes, 'kafka.Kafka', config],
    ],
    cwd: folder,
    env: {},
    stopSignal: 'SIGTERM',
    logFile,
    answers: () => askBroker(port),
  };
};
