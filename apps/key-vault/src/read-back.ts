import type { EventBatch, LoggedRecord } from '@samspill/event-log';
import { inTransaction } from '@samspill/read-model';
import type { WireFormat } from '@samspill/schema-registry';
import type { Pool, PoolClient } from 'pg';
import type { OutboxEvents } from './outbox-event.ts';
import {
  appendFacts,
  lockOutbox,
  markPublished,
  rowsAbout,
  type OutboxRow,
  type PatientFact,
} from './outbox.ts';
import { overtakenWords } from './overtaken-words.ts';
import { applyFacts } from './restored-facts.ts';

export interface ReadBackParts {
  readonly pool: Pool;
  readonly wire: WireFormat;
  readonly events: Pick<OutboxEvents, 'idOf'>;
}

/**
 * Holds a batch of the vault's own topic against this database, in one transaction with the place after it. What the
 * database does not know is applied: it was restored from a backup. Where an older word about a grant came late and
 * stands behind a newer one, the newer is stated again.
 */
export async function readBack(
  { pool, wire, events }: ReadBackParts,
  batch: EventBatch,
): Promise<void> {
  await wire.learn(batch.records.flatMap(({ value }) => value ?? []));
  await inTransaction(pool, async (tx) => {
    let { unknown, overtaken } = await compare(tx, events, batch);
    if (unknown.length + overtaken.length > 0) {
      await lockOutbox(tx);
      // Anew under the lock: another instance may have done it.
      ({ unknown, overtaken } = await compare(tx, events, batch));
      await applyFacts(tx, wire, unknown);
      await appendFacts(tx, overtaken);
    }
    await tx.query(
      `INSERT INTO read_back (partition, next_offset) VALUES ($1, $2)
       ON CONFLICT (partition) DO UPDATE SET next_offset = excluded.next_offset
        WHERE read_back.next_offset < excluded.next_offset`,
      [batch.partition, batch.nextOffset],
    );
  });
}

interface Comparison {
  readonly unknown: readonly LoggedRecord[];
  readonly overtaken: readonly PatientFact[];
}

/**
 * What this database has stated itself is known, and may be older than what it holds. It is told by its event id: an
 * instance that ended between publishing and writing the position down left a row that looks as if it waited, and one
 * event may lie in the log twice. A row that is found here waits no longer: published later, it would overrule what came
 * after it.
 */
async function compare(
  tx: PoolClient,
  events: Pick<OutboxEvents, 'idOf'>,
  { records }: EventBatch,
): Promise<Comparison> {
  const own = await rowsAbout(tx, [...new Set(records.flatMap(({ key }) => key ?? []))]);
  const rowOf = new Map<string | undefined, OutboxRow>(own.map((row) => [events.idOf(row), row]));
  const logged = records.flatMap((record) => {
    const row = rowOf.get(record.id);
    return row === undefined ? [] : [{ row, record }];
  });
  const noted = logged.filter(({ row }) => row.offset === null);
  await markPublished(
    tx,
    noted.map(({ row }) => row),
    noted.map(({ record }) => record),
  );
  return {
    unknown: records.filter(({ id }) => !rowOf.has(id)),
    overtaken: overtakenWords(own, logged),
  };
}
