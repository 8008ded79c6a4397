import { randomUUID } from 'node:crypto';
import { keyVault } from '@samspill/contracts';
import type { EventBatch, EventLog, LoggedRecord, PartitionRange } from '@samspill/event-log';
import { SamspillError } from '@samspill/kernel';
import { inTransaction } from '@samspill/read-model';
import type { WireFormat } from '@samspill/schema-registry';
import type { Pool, PoolClient } from 'pg';
import type { OutboxEvents } from './outbox-event.ts';
import { lockOutbox, markPublished, rowsAbout, type OutboxRow } from './outbox.ts';
import { applyFacts } from './restored-facts.ts';

export interface ReadBackParts {
  readonly pool: Pool;
  readonly eventLog: EventLog;
  readonly wire: WireFormat;
  readonly events: Pick<OutboxEvents, 'idOf'>;
}

/**
 * Reads the vault's own topic to its end and applies what this database does not know. Run it before serving: after a
 * restore from a backup a shred stays a shred, and a version that once was is never used again (design D6). Without a
 * restore everything is known, and only what came since the last start is looked at.
 * Rejects with LOG_DATABASE_MISMATCH when the log ends before the place that this database has reached.
 */
export async function readBack(parts: ReadBackParts): Promise<void> {
  const { pool, eventLog } = parts;
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
      await apply(parts, batch);
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
async function apply({ pool, wire, events }: ReadBackParts, batch: EventBatch): Promise<void> {
  await wire.learn(batch.records.flatMap(({ value }) => value ?? []));
  await inTransaction(pool, async (tx) => {
    await lockOutbox(tx);
    const unknown = await withoutKnown(tx, events, batch);
    await applyFacts(tx, wire, unknown);
    await tx.query(
      `INSERT INTO read_back (partition, next_offset) VALUES ($1, $2)
       ON CONFLICT (partition) DO UPDATE
         SET next_offset = greatest(read_back.next_offset, excluded.next_offset)`,
      [batch.partition, batch.nextOffset],
    );
  });
}

/**
 * What this database has stated itself is known, and may be older than what it holds. It is told by its event id: an
 * instance that ended between publishing and writing the position down left a row that looks as if it waited, and one
 * event may lie in the log twice. A row that is found here waits no longer: published later, it would overrule what came
 * after it.
 */
async function withoutKnown(
  tx: PoolClient,
  events: Pick<OutboxEvents, 'idOf'>,
  { records }: EventBatch,
): Promise<LoggedRecord[]> {
  const own = await rowsAbout(tx, [...new Set(records.flatMap(({ key }) => key ?? []))]);
  const rowOf = new Map<string | undefined, OutboxRow>(own.map((row) => [events.idOf(row), row]));
  const found = records.flatMap((record) => {
    const row = rowOf.get(record.id);
    return row !== undefined && row.offset === null ? [{ row, record }] : [];
  });
  await markPublished(
    tx,
    found.map(({ row }) => row),
    found.map(({ record }) => record),
  );
  return records.filter(({ id }) => !rowOf.has(id));
}
