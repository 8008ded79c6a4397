import { setTimeout as pause } from 'node:timers/promises';
import { SamspillError } from '@samspill/kernel';
import type { ClientBase, Pool } from 'pg';
import { inTransaction } from './transaction.ts';
import { lockCheckpointsOf, type OfProjection } from './versions.ts';

/** Two versions of one read model. */
export interface VersionPair extends OfProjection {
  readonly versions: readonly [number, number];
  readonly standMaxMs: number;
}

/** How long the two are given to get to one position, unless told; readers see nothing new meanwhile. */
export const standMaxDefaultMs = 3_000;
/** A version that is further behind does not get there in that time. */
const apartRecordsMax = 2_000;
/** After so many times that they go on by themselves: whoever stopped them may have been killed. */
const stopForTimes = 2;
const pollMs = 20;

/**
 * Stops both versions where the one that is ahead stands, does the work once both stand there, and lets them go on.
 * `letGo` may be called before the work ends. Rejects with VERSIONS_APART when they do not get there.
 */
export async function whileTogether<Result>(
  pool: Pool,
  pair: VersionPair,
  work: (letGo: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const apart = await recordsApart(pool, pair);
  if (apart > apartRecordsMax) throw versionsApart(pair, apart);
  let released: Promise<void> | undefined;
  const letGo = (): Promise<void> => (released ??= goOn(pool, pair));
  await stop(pool, pair);
  try {
    await untilTogether(pool, pair);
    return await work(letGo);
  } finally {
    await letGo();
  }
}

/** How many records lie between the two, over all partitions. */
async function recordsApart(
  db: Pool | ClientBase,
  { schema, projection, versions: [one, other] }: VersionPair,
): Promise<number> {
  const { rows } = await db.query<{ apart: number | null }>(
    `SELECT sum(abs(a.next_offset - b.next_offset))::bigint AS apart
       FROM ${schema}.projection_offset a
       JOIN ${schema}.projection_offset b USING (projection, topic, partition)
      WHERE projection = $1 AND a.version = $2 AND b.version = $3`,
    [projection, one, other],
  );
  return rows[0]?.apart ?? 0;
}

/** Rejects with VERSIONS_APART unless both stand at one position, as this transaction sees them. */
export async function assertTogether(tx: ClientBase, pair: VersionPair): Promise<void> {
  const apart = await recordsApart(tx, pair);
  if (apart > 0) throw versionsApart(pair, apart);
}

const versionsApart = ({ schema, projection, versions }: VersionPair, records: number) =>
  new SamspillError('VERSIONS_APART', {
    place: `${projection} in ${schema}, versions ${versions.join(' and ')}, ${records} records apart`,
  });

const stop = (
  pool: Pool,
  { schema, projection, versions, standMaxMs }: VersionPair,
): Promise<unknown> =>
  inTransaction(pool, async (tx) => {
    await lockCheckpointsOf(tx, { schema, projection }, versions);
    await tx.query(
      `UPDATE ${schema}.projection_offset o
          SET stop_at = furthest.next_offset,
              stop_until = clock_timestamp() + make_interval(secs => $3 / 1000.0)
         FROM (SELECT topic, partition, max(next_offset) AS next_offset FROM ${schema}.projection_offset
                WHERE projection = $1 AND version = ANY ($2) GROUP BY topic, partition) furthest
        WHERE o.projection = $1 AND o.version = ANY ($2)
          AND o.topic = furthest.topic AND o.partition = furthest.partition`,
      [projection, versions, stopForTimes * standMaxMs],
    );
  });

async function untilTogether(pool: Pool, pair: VersionPair): Promise<void> {
  const deadlineMs = performance.now() + pair.standMaxMs;
  for (;;) {
    const apart = await recordsApart(pool, pair);
    if (apart === 0) return;
    if (performance.now() > deadlineMs) throw versionsApart(pair, apart);
    await pause(pollMs);
  }
}

/** What cannot be told now, because the database is away, ends by itself. */
const goOn = (pool: Pool, pair: VersionPair): Promise<void> =>
  inTransaction(pool, async (tx) => {
    await lockCheckpointsOf(tx, pair, pair.versions);
    await clearStops(tx, pair);
  }).catch(() => undefined);

export async function clearStops(
  tx: ClientBase,
  { schema, projection, versions }: VersionPair,
): Promise<void> {
  await tx.query(
    `UPDATE ${schema}.projection_offset SET stop_at = NULL, stop_until = NULL
      WHERE projection = $1 AND version = ANY ($2) AND stop_at IS NOT NULL`,
    [projection, versions],
  );
}
