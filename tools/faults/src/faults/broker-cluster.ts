import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataProducts, measurements } from '@samspill/contracts';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { setTimeout as pause } from 'node:timers/promises';
import { brokerIds, type BrokerId, type BrokerName, type FaultMesh } from '../mesh/fault-mesh.ts';

/** A partition with the broker that leads it (undefined: none does) and those that have all of it. */
export interface PartitionState {
  readonly topic: string;
  readonly partition: number;
  readonly leader: BrokerId | undefined;
  readonly inSync: readonly number[];
}

/** One question on a connection of its own: connections that stay would have to outlive the brokers. */
async function ask<Answer>(
  brokers: readonly string[],
  question: (admin: Admin) => Promise<Answer>,
): Promise<Answer> {
  const admin = new Kafka({
    brokers: [...brokers],
    clientId: 'faults',
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    requestTimeout: 4_000,
    retry: { retries: 3, maxRetryTime: 1_000 },
  }).admin();
  try {
    await admin.connect();
    return await question(admin);
  } finally {
    await admin.disconnect();
  }
}

const brokerIdOf = (id: number): BrokerId | undefined => brokerIds.find((known) => known === id);

/** Of every partition of every product. Rejects while no broker answers. */
export async function partitionStates(mesh: FaultMesh): Promise<PartitionState[]> {
  const topics = dataProducts.map(({ topic }) => topic);
  const metadata = await ask(mesh.directBrokers, (admin) => admin.fetchTopicMetadata({ topics }));
  return metadata.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionId, leader, isr }) => ({
      topic: name,
      partition: partitionId,
      leader: brokerIdOf(leader),
      inSync: isr,
    })),
  );
}

/** Where each partition of a topic ends. Rejects while no broker answers. */
export async function endsOf(mesh: FaultMesh, topic: string): Promise<Map<number, number>> {
  const offsets = await ask(mesh.directBrokers, (admin) => admin.fetchTopicOffsets(topic));
  return new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
}

/** Those of the measurements that a broker leads. */
export const ledBy = (states: readonly PartitionState[], broker: BrokerId): PartitionState[] =>
  states.filter(({ topic, leader }) => topic === measurements.topic && leader === broker);

/** A busy machine takes a minute to start a broker. */
const inSyncWithinMs = 180_000;

/** Resolves when every broker has all of every partition: only then another one may go. Rejects after three minutes. */
export async function allInSync(mesh: FaultMesh): Promise<void> {
  const over = AbortSignal.timeout(inSyncWithinMs);
  for (;;) {
    over.throwIfAborted();
    const states = await partitionStates(mesh).catch(() => undefined);
    if (states?.every(({ inSync }) => inSync.length === brokerIds.length)) return;
    await pause(250, undefined, { signal: over });
  }
}

/** Who leads the controllers, by what each wrote down of the last election; kafkajs cannot ask for it. */
export async function controllerOf(mesh: FaultMesh): Promise<BrokerId> {
  const votes = await Promise.all(
    brokerIds.map(async (id) => {
      const state = await readFile(
        join(logFolderOf(mesh, `broker-${id}`), '__cluster_metadata-0/quorum-state'),
        'utf8',
      );
      return JSON.parse(state) as { leaderId: number; leaderEpoch: number };
    }),
  );
  const [latest] = votes
    .filter(({ leaderId }) => leaderId > 0)
    .sort((a, b) => b.leaderEpoch - a.leaderEpoch);
  const id = brokerIdOf(latest?.leaderId ?? NaN);
  if (id === undefined) throw new Error('no controller leads');
  return id;
}

const logFolderOf = ({ smallDisk, dataDir }: FaultMesh, broker: BrokerName): string =>
  typeof smallDisk !== 'string' && smallDisk.broker === broker
    ? smallDisk.logFolder()
    : join(dataDir, broker, 'data');
