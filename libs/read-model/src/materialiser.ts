import { keyVault } from '@samspill/contracts';
import type { EventBatch, EventLog, EventLogLogger, PartitionRange } from '@samspill/event-log';
import type { KeyClient } from '@samspill/privacy';
import type { WireFormat } from '@samspill/schema-registry';
import type { Pool } from 'pg';
import { lagOf, makeCheckpoints, type PartitionLag } from './checkpoint.ts';
import { claim } from './claim.ts';
import { workChunk, type ChunkContext } from './chunk.ts';
import { OwnedPartitions } from './owned-partitions.ts';
import type { OutcomeKind } from './plan.ts';
import { noProbe, type Probe } from './probe.ts';
import type { Projection } from './projection.ts';

export interface MaterialiserOptions {
  readonly eventLog: EventLog;
  /** Must know the product and `key-vault.patient-state`. */
  readonly wire: WireFormat;
  /** Needed where the projection opens. */
  readonly keys?: KeyClient;
  readonly pool: Pool;
  /** PostgreSQL schema of the app. */
  readonly schema: string;
  /** Name of the app: its client id, and the first part of the consumer group. */
  readonly consumer: string;
  readonly projection: Projection;
  readonly logger: EventLogLogger;
  /** Counts what becomes of records; `held` counts every delivery that was put off. */
  readonly onOutcome?: (kind: OutcomeKind, records: number) => void;
  /** After each chunk that was written. */
  readonly onChunk?: (chunk: { readonly durationMs: number; readonly records: number }) => void;
  readonly probe?: Probe;
}

export interface Materialiser {
  readonly name: string;
  /** Joins the group. Rejects with DATABASE_UNAVAILABLE, EVENT_LOG_UNAVAILABLE or TOPIC_MISSING. */
  start(): Promise<RunningMaterialiser>;
}

export interface RunningMaterialiser {
  /** Resolves when it was closed, rejects when it died: then the process ends, so that others take over. */
  readonly ended: Promise<void>;
  /** True while it fetches or heartbeats. */
  isAlive(): boolean;
  /** Finishes the running batch, then leaves the group. */
  close(): Promise<void>;
  /** By the read model's own checkpoint, not by what Kafka has committed. */
  lag(): Promise<PartitionLag[]>;
}

/** One transaction takes at most so many records: about 100 ms, between heartbeats (engine guide, section 4). */
const chunkRecordsMax = 1_000;

/**
 * Reads a product's events, turns them into rows and writes rows and checkpoint together (design D7, engine guide 8).
 * Read on in the order of the data: chunk, decode-batch, open-batch, plan, write-batch; beside it patient-state.
 */
export function materialiser(options: MaterialiserOptions): Materialiser {
  const { eventLog, pool, schema, consumer, projection, logger, probe = noProbe } = options;
  if (projection.opens && options.keys === undefined) {
    throw new TypeError(`projection ${projection.name} opens events and is given no keys`);
  }
  const readModel = { schema, projection: projection.name, version: projection.version };
  const topics = topicsOf(projection);
  const suffix = projection.version === 1 ? '' : `.v${projection.version}`;
  const group = `${consumer}.${projection.name}${suffix}`;
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
      if ((await workChunk(context, partition, chunk)) === 'again') return 'again';
      from = to;
      if (!isLast) await batch.heartbeat();
    }
    partition.isWritten = true;
    return 'done';
  };

  return {
    name: group,
    start: async () => {
      await makeCheckpoints(pool, readModel, await ranges());
      const running = await eventLog.subscribe({
        topics,
        group,
        claim: (partitions) => owned.claim(partitions),
        handle,
      });
      logger.info({ group, topics }, 'materialiser joined its group');
      return {
        ended: running.ended,
        isAlive: () => running.isAlive(),
        close: () => running.close(),
        lag: async () => lagOf(pool, readModel, await ranges()),
      };
    },
  };
}

/** The product's topic, and the patient state where grants or destroyed keys matter. */
const topicsOf = ({ product, opens, shredded }: Projection): string[] => [
  ...new Set([product.topic, ...(opens || shredded !== undefined ? [keyVault.topic] : [])]),
];
