import { SamspillError } from '@samspill/kernel';
import type { ClientBase, Pool } from 'pg';
import { assertTogether, standMaxDefaultMs, whileTogether, type VersionPair } from './barrier.ts';
import { compareVersions, type TableComparison } from './compare-versions.ts';
import { leadReaders } from './lead-readers.ts';
import type { RebuildTarget } from './rebuild.ts';
import { makeIndexes } from './version-tables.ts';
import { beginOrder, listedVersions, versionIn, type VersionState } from './versions.ts';

export interface SwitchOptions extends RebuildTarget {
  /** Switch although the check finds differences, as a mended projection makes them. */
  readonly acceptDifferences?: boolean;
  /** How long readers may see nothing new, twice; 3,000 unless given. */
  readonly standMaxMs?: number;
}

/** What readers were led from and to, and what the check found. */
export interface Switched {
  readonly from: number;
  readonly to: number;
  readonly compared: readonly TableComparison[];
}

/** What a switch is at, in this order. */
export type SwitchStep = 'indexes' | 'check' | 'switch';

/**
 * Leads readers to the version that was built, once it was checked: makes the indexes, compares both versions at one
 * position, and replaces the views at one position. The live version becomes the former one and is followed on.
 * Rejects with VERSION_STATE_WRONG, VERSIONS_APART or VERSIONS_DIFFER, and then nothing has changed.
 */
export async function switchVersion(pool: Pool, options: SwitchOptions): Promise<Switched> {
  const { schema, projection, acceptDifferences = false } = options;
  return asOneOrder(pool, options, async (db) => {
    const pair = await pairOf(pool, options, 'building');
    const [from, to] = pair.versions;
    const told = telling(pool, pair);
    try {
      await told('indexes');
      await makeIndexes(db, { schema, tables: projection.tables, from, to });
      await told('check');
      const compared = await check(pool, db, pair, options);
      if (!acceptDifferences) assertEqual(pair, compared);
      await told('switch');
      await leadReaders(pool, pair, options);
      await told('');
      return { from, to, compared };
    } catch (error) {
      const code = error instanceof SamspillError ? error.code : 'of a fault of ours';
      await told(`refused: ${code}`).catch(() => undefined);
      throw error;
    }
  });
}

/** Leads readers back to the former version, at one position of both. Rejects like {@link switchVersion}. */
export async function rollBack(
  pool: Pool,
  options: SwitchOptions,
): Promise<Omit<Switched, 'compared'>> {
  return asOneOrder(pool, options, async () => {
    const pair = await pairOf(pool, options, 'former');
    await leadReaders(pool, pair, options);
    const [from, to] = pair.versions;
    return { from, to };
  });
}

/** On a connection of its own, whose statements take as long as they take. */
async function asOneOrder<Result>(
  pool: Pool,
  { schema, projection }: RebuildTarget,
  work: (db: ClientBase) => Promise<Result>,
): Promise<Result> {
  const db = await pool.connect();
  try {
    // One transaction waits for another connection too: for letGo of `check`.
    await db.query('SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0');
    await beginOrder(db, { schema, projection: projection.name }, 'connection ends');
    return await work(db);
  } finally {
    // Ending the connection unlocks as well, yet not before this returns.
    await db.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
    db.release(true);
  }
}

/** The live version, and the one in this state. */
async function pairOf(
  pool: Pool,
  { schema, projection: { name: projection }, standMaxMs = standMaxDefaultMs }: SwitchOptions,
  state: VersionState,
): Promise<VersionPair> {
  const listed = await listedVersions(pool, { schema, projection });
  const inState = (wanted: VersionState): number =>
    versionIn(listed, wanted, { schema, projection });
  return { schema, projection, versions: [inState('live'), inState(state)], standMaxMs };
}

const telling =
  (pool: Pool, { schema, projection, versions }: VersionPair) =>
  async (step: SwitchStep | '' | `refused: ${string}`): Promise<void> => {
    await pool.query(
      `UPDATE ${schema}.read_model_version SET step = $3, step_at = now()
        WHERE projection = $1 AND version = $2`,
      [projection, versions[1], step],
    );
  };

/** Both go on as soon as the snapshot is there; comparing takes longer. */
const check = (
  pool: Pool,
  db: ClientBase,
  pair: VersionPair,
  { projection: { tables } }: RebuildTarget,
): Promise<TableComparison[]> =>
  whileTogether(pool, pair, async (letGo) => {
    await db.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      await assertTogether(db, pair);
      await letGo();
      return await compareVersions(db, pair, tables);
    } finally {
      // What went wrong is said by the work; the connection is used for this order alone.
      await db.query('ROLLBACK').catch(() => undefined);
    }
  });

function assertEqual(
  { schema, projection }: VersionPair,
  compared: readonly TableComparison[],
): void {
  const differing = compared.filter(({ differingBuckets }) => differingBuckets.length > 0);
  if (differing.length === 0) return;
  const told = differing.map(
    ({ table, rows, differingBuckets }) =>
      `${table} with ${rows.join(' and ')} rows in ${differingBuckets.length} of 256 buckets`,
  );
  throw new SamspillError('VERSIONS_DIFFER', {
    place: `${projection} in ${schema}: ${told.join(', ')}`,
  });
}
