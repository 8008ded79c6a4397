import { keyVault } from '@samspill/contracts';
import type { EventBatch, PartitionRange, RunningSubscription } from '@samspill/event-log';
import { isRetriable, within } from '@samspill/kernel';
import type { Pool } from 'pg';
import { CatchingUp } from './catching-up.ts';
import { lagOf, makeCheckpoints, type PartitionLag, type ReadModel } from './checkpoint.ts';
import { claim } from './claim.ts';
import { workChunk, type ChunkContext } from './chunk.ts';
import type { MaterialiserOptions } from './materialiser.ts';
import { assertSameLog } from './last-record.ts';
import { namingLogger } from './naming-logger.ts';
import { OwnedPartitions, type WorkedPartition } from './owned-partitions.ts';
import { noProbe } from './probe.ts';
import { inProcessSpan } from './process-span.ts';
import type { Projection } from './projection.ts';

/** One version of a read model, as it is materialised in this process. */
export interface RunningVersion extends RunningSubscription {
  /** By its own checkpoint. */
  lag(): Promise<PartitionLag[]>;
}

/** One transaction takes at most so many records: about 100 ms, between heartbeats (engine guide, section 4). */
const chunkRecordsMax = 1_000;
/** While it waits for its turn. */
const heartbeatEveryMs = 1_000;

/** Works a chunk when the other versions of this process leave room. */
export type Pacing = <Result>(
  chunk: { readonly records: number; readonly heartbeat: () => Promise<void> },
  work: () => Promise<Result>,
) => Promise<Result>;

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
  pacing: Pacing,
): Promise<RunningVersion> {
  const { eventLog, pool, schema, consumer, projection, probe = noProbe } = options;
  const logger = namingLogger(options.logger, { version });
  const readModel = { schema, projection: projection.name, version };
  const topics = topicsOf(projection);
  const group = groupOf(consumer, projection.name, version);
  const owned = new OwnedPartitions((partitions) =>
    claim({ pool, eventLog, owner: `${consumer}/${process.pid}` }, readModel, partitions),
  );
  const ranges = async (): Promise<PartitionRange[]> =>
    (await Promise.all(topics.map((topic) => eventLog.ranges(topic)))).flat();
  const context: ChunkContext = { ...options, logger, readModel, group, probe, owned };

  let knowsPatientState = false;

  const handle = async (batch: EventBatch): Promise<'done' | 'again'> => {
    const isProduct = batch.topic === projection.product.topic;
    knowsPatientState ||= isProduct && (await readsProduct(pool, readModel));
    if (isProduct && !knowsPatientState) return 'again';
    const partition = owned.get(batch);
    assertSameLog(partition, batch);
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
      const work = () =>
        inProcessSpan(group, partition, records, () =>
          workChunk(context, partition, { batch, records, from, to }),
        );
      const sized = { records: records.length, heartbeat: () => batch.heartbeat() };
      const endTurn = await turnOf(partition, batch);
      const outcome = await (isProduct ? pacing(sized, work) : work()).finally(endTurn);
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

/**
 * A version reads the product once it knows of every closing and shred that the live one knows: else it would hold rows
 * that are to be gone, until it comes to that. False also while the database is away.
 */
async function readsProduct(
  pool: Pool,
  { schema, projection, version }: ReadModel,
): Promise<boolean> {
  const { rows } = await pool
    .query(
      `SELECT FROM ${schema}.projection_offset own
         JOIN ${schema}.projection_offset live USING (projection, topic, partition)
        WHERE projection = $1 AND topic = $2 AND own.version = $3
          AND live.version = ${schema}.live_version($1) AND own.next_offset < live.next_offset
        LIMIT 1`,
      [projection, keyVault.topic, version],
    )
    .catch((error: unknown) => {
      if (!isRetriable(error)) throw error;
      return { rows: [error] };
    });
  return rows.length === 0;
}
