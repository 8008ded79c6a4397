import { keyVault } from '@samspill/contracts';
import type { EventBatch, PartitionRange, RunningSubscription } from '@samspill/event-log';
import { CatchingUp } from './catching-up.ts';
import { lagOf, makeCheckpoints, type PartitionLag } from './checkpoint.ts';
import { claim } from './claim.ts';
import { workChunk, type ChunkContext } from './chunk.ts';
import type { MaterialiserOptions } from './materialiser.ts';
import { OwnedPartitions, type WorkedPartition } from './owned-partitions.ts';
import { noProbe } from './probe.ts';
import type { Projection } from './projection.ts';
import { within } from './within.ts';

/** One version of a read model, as it is materialised in this process. */
export interface RunningVersion extends RunningSubscription {
  /** By its own checkpoint. */
  lag(): Promise<PartitionLag[]>;
}

/** One transaction takes at most so many records: about 100 ms, between heartbeats (engine guide, section 4). */
const chunkRecordsMax = 1_000;
/** While it waits for its turn. */
const heartbeatEveryMs = 1_000;

/** Consumer group of a version: each has its own, so that they read apart from each other. */
export const groupOf = (consumer: string, projection: string, version: number): string =>
  `${consumer}.${projection}${version === 1 ? '' : `.v${version}`}`;

/**
 * Joins the group of one version and materialises it: the rows of a batch and its checkpoint are written together
 * (design D7, engine guide 8). Read on in the order of the data: chunk, decode-batch, open-batch, plan, write-batch;
 * beside it patient-state.
 */
export async function followVersion(
  options: MaterialiserOptions,
  version: number,
): Promise<RunningVersion> {
  const { eventLog, pool, schema, consumer, projection, logger, probe = noProbe } = options;
  const readModel = { schema, projection: projection.name, version };
  const topics = topicsOf(projection);
  const group = groupOf(consumer, projection.name, version);
  const owned = new OwnedPartitions((partitions) =>
    claim({ pool, eventLog, owner: `${consumer}/${process.pid}` }, readModel, partitions),
  );
  const ranges = async (): Promise<PartitionRange[]> =>
    (await Promise.all(topics.map((topic) => eventLog.ranges(topic)))).flat();
  const context: ChunkContext = { ...options, readModel, probe, owned };

  const handle = async (batch: EventBatch): Promise<'done' | 'again'> => {
    const partition = owned.get(batch);
    const { topic, partition: number, nextOffset } = batch;
    const range = { topic, partition: number, from: partition.next, to: nextOffset };
    if (partition.isWritten) await probe('acknowledged', range);
    await probe('fetched', range);
    let from = batch.fromOffset;
    for (let first = 0; from < nextOffset; first += chunkRecordsMax) {
      const records = batch.records.slice(first, first + chunkRecordsMax);
      const isLast = first + chunkRecordsMax >= batch.records.length;
      const to = isLast ? nextOffset : (records.at(-1)?.offset ?? 0) + 1;
      if (!batch.isCurrent()) return 'again';
      const chunk = { batch, records, from, to };
      const endTurn = await turnOf(partition, batch);
      const outcome = await workChunk(context, partition, chunk).finally(endTurn);
      if (outcome === 'again') return 'again';
      from = to;
      if (!isLast) await batch.heartbeat();
    }
    partition.isWritten = true;
    return 'done';
  };

  await makeCheckpoints(pool, readModel, await ranges());
  const running = await eventLog.subscribe({
    topics,
    group,
    claim: (partitions) => owned.claim(partitions),
    handle,
  });
  logger.info({ group, topics }, 'materialiser joined its group');
  const { keys } = options;
  const catchingUp =
    projection.opens && keys !== undefined
      ? new CatchingUp({ ...context, keys, eventLog, group })
      : undefined;
  return {
    ended: Promise.race([running.ended, ...(catchingUp ? [catchingUp.failed] : [])]),
    isAlive: () => running.isAlive(),
    close: async () => {
      await catchingUp?.close();
      await running.close();
    },
    lag: async () => lagOf(pool, readModel, await ranges()),
  };
}

/** Waits while those who catch up have the partition, and keeps the membership alive meanwhile. */
async function turnOf({ turn }: WorkedPartition, batch: EventBatch): Promise<() => void> {
  const mine = turn.take();
  try {
    for (;;) {
      const end = await within(heartbeatEveryMs, mine);
      if (end !== undefined) return end;
      await batch.heartbeat();
    }
  } catch (error) {
    void mine.then((end) => end());
    throw error;
  }
}

/** The product's topic, and the patient state where grants or destroyed keys matter. */
const topicsOf = ({ product, opens, shredded }: Projection): string[] => [
  ...new Set([product.topic, ...(opens || shredded !== undefined ? [keyVault.topic] : [])]),
];
