import { randomUUID } from 'node:crypto';
import { keyVault } from '@samspill/contracts';
import type { EventBatch, EventLog, LoggedRecord, PartitionRange } from '@samspill/event-log';
import { SamspillError } from '@samspill/kernel';
import { inTransaction } from '@samspill/read-model';
import type { WireFormat } from '@samspill/schema-registry';
import type { Pool, PoolClient } from 'pg';
import { lockOutbox } from './outbox.ts';
import { applyFacts } from './restored-facts.ts';

export interface ReadBackParts {
  readonly pool: Pool;
  readonly eventLog: EventLog;
  readonly wire: WireFormat;
}

/**
 * Reads the vault's own topic to its end and applies what this database does not know. Run it before serving: after a
 * restore from a backup a shred stays a shred, and a version that once was is never used again (design D6). Without a
 * restore everything is known, and only what came since the last start is looked at.
 * Rejects with LOG_DATABASE_MISMATCH when the log ends before the place that this database has reached.
 */
export async function readBack({ pool, eventLog, wire }: ReadBackParts): Promise<void> {
  const ranges = await eventLog.ranges(keyVault.topic);
  const places = await placesOf(pool, ranges);
  const ahead = new Map(
    ranges
      .filter(({ partition, end }) => (places.get(partition) ?? 0) < end)
      .map(({ partition, end }) => [partition, end]),
  );
  if (ahead.size === 0) return;

  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const running = await eventLog.subscribe({
    topics: [keyVault.topic],
    // A group of its own: each instance that starts reads everything.
    group: `${keyVault.domain}.read-back.${randomUUID()}`,
    claim: (partitions) =>
      Promise.resolve(partitions.map(({ partition }) => places.get(partition) ?? 0)),
    handle: async (batch) => {
      await apply(pool, wire, batch);
      places.set(batch.partition, batch.nextOffset);
      if (batch.nextOffset >= (ahead.get(batch.partition) ?? 0)) ahead.delete(batch.partition);
      if (ahead.size === 0) finish();
      return 'done';
    },
  });
  try {
    await Promise.race([finished, running.ended]);
  } finally {
    await running.close();
  }
}

async function placesOf(
  pool: Pool,
  ranges: readonly PartitionRange[],
): Promise<Map<number, number>> {
  const { rows } = await pool.query<{ partition: number; offset: number }>(
    'SELECT partition, next_offset AS "offset" FROM read_back',
  );
  const reached = new Map(rows.map(({ partition, offset }) => [partition, offset]));
  for (const { topic, partition, end } of ranges) {
    if ((reached.get(partition) ?? 0) <= end) continue;
    throw new SamspillError('LOG_DATABASE_MISMATCH', { place: `${topic}:${partition}` });
  }
  return new Map(
    ranges.map(({ partition, start }) => [partition, Math.max(start, reached.get(partition) ?? 0)]),
  );
}

/** One batch and the place after it, in one transaction. */
async function apply(pool: Pool, wire: WireFormat, batch: EventBatch): Promise<void> {
  await wire.learn(batch.records.flatMap(({ value }) => value ?? []));
  await inTransaction(pool, async (tx) => {
    await lockOutbox(tx);
    const unknown = await withoutKnown(tx, batch);
    await applyFacts(tx, wire, unknown);
    await tx.query(
      `INSERT INTO read_back (partition, next_offset) VALUES ($1, $2)
       ON CONFLICT (partition) DO UPDATE
         SET next_offset = greatest(read_back.next_offset, excluded.next_offset)`,
      [batch.partition, batch.nextOffset],
    );
  });
}

/** What this database has published itself is known, and may be older than what it holds. */
async function withoutKnown(
  tx: PoolClient,
  { partition, records }: EventBatch,
): Promise<LoggedRecord[]> {
  const { rows } = await tx.query<{ offset: number }>(
    'SELECT log_offset AS "offset" FROM outbox WHERE log_partition = $1 AND log_offset = ANY($2)',
    [partition, records.map(({ offset }) => offset)],
  );
  const known = new Set(rows.map(({ offset }) => offset));
  return records.filter(({ offset }) => !known.has(offset));
}
