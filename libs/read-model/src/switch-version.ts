import { setTimeout as pause } from 'node:timers/promises';
import { SamspillError } from '@samspill/kernel';
import type { ClientBase, Pool } from 'pg';
import {
  assertTogether,
  clearStops,
  standMaxDefaultMs,
  whileTogether,
  type VersionPair,
} from './barrier.ts';
import { compareVersions, type TableComparison } from './compare-versions.ts';
import type { RebuildTarget } from './rebuild.ts';
import { inTransaction } from './transaction.ts';
import { makeIndexes, replaceViews } from './version-tables.ts';
import {
  beginOrder,
  listedVersions,
  lockCheckpointsOf,
  versionIn,
  type VersionState,
} from './versions.ts';

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

/** One that reads in a long transaction makes a switch wait, and others wait behind it: so not for long, but again. */
const viewLockMs = 300;
const viewTries = 6;

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
    await db.query('SET statement_timeout = 0');
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
      await db.query('ROLLBACK');
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

async function leadReaders(pool: Pool, pair: VersionPair, options: SwitchOptions): Promise<void> {
  await whileTogether(pool, pair, async () => {
    for (let tries = 1; ; tries += 1) {
      try {
        await inTransaction(pool, (tx) => leadReadersIn(tx, pair, options));
        return;
      } catch (error) {
        if (!isLocked(error)) throw error;
        if (tries === viewTries) throw viewInUse(pair, error);
        await pause(viewLockMs);
      }
    }
  });
}

/** The place is what databaseError says of lock_not_available. */
const isLocked = (error: unknown): boolean =>
  error instanceof SamspillError && error.place === 'SQLSTATE 55P03';

const viewInUse = ({ schema, projection }: VersionPair, cause: unknown): SamspillError =>
  new SamspillError('DATABASE_UNAVAILABLE', {
    place: `views of ${projection} in ${schema}, which a long transaction reads`,
    mend: 'end that transaction, then order it again',
    cause,
  });

/** No batch gets in between: it needs the lock of its checkpoint. */
async function leadReadersIn(
  tx: ClientBase,
  pair: VersionPair,
  { projection: { tables }, acceptDifferences = false }: SwitchOptions,
): Promise<void> {
  const { schema, projection, versions } = pair;
  const [from, to] = versions;
  await tx.query(`SET LOCAL lock_timeout = ${viewLockMs}`);
  await lockCheckpointsOf(tx, pair, versions);
  await assertTogether(tx, pair);
  await assertNobodyMissed(tx, pair, acceptDifferences);
  await replaceViews(tx, { schema, tables, to });
  const setState = `UPDATE ${schema}.read_model_version SET state = $3`;
  const ofVersion = 'WHERE projection = $1 AND version = $2';
  await tx.query(`${setState} ${ofVersion}`, [projection, from, 'former']);
  await tx.query(`${setState}, switched_at = now() ${ofVersion}`, [projection, to, 'live']);
  await clearStops(tx, pair);
}

/** Patients whom readers see now and would see in part: those who catch up will be there, those who are parked may not. */
async function assertNobodyMissed(
  tx: ClientBase,
  pair: VersionPair,
  acceptDifferences: boolean,
): Promise<void> {
  const { schema, projection, versions } = pair;
  const { rows } = await tx.query<{ catching_up: number; parked: number }>(
    `SELECT count(*) FILTER (WHERE new.state = 'catching-up') AS catching_up,
            count(*) FILTER (WHERE new.state = 'parked') AS parked
       FROM ${schema}.patient_gate new
       LEFT JOIN ${schema}.patient_gate old
         ON old.projection = $1 AND old.version = $2 AND old.patient = new.patient
      WHERE new.projection = $1 AND new.version = $3 AND new.state IN ('parked', 'catching-up')
        AND COALESCE(old.state, 'open') = 'open'`,
    [projection, ...versions],
  );
  const { catching_up: catchingUp, parked } = rows[0] ?? { catching_up: 0, parked: 0 };
  const place = `${projection} in ${schema}, version ${versions[1]}`;
  if (catchingUp > 0) {
    throw new SamspillError('VERSIONS_APART', {
      place: `${place}, in which ${catchingUp} patients are catching up who are open in the live one`,
    });
  }
  if (parked > 0 && !acceptDifferences) {
    throw new SamspillError('VERSIONS_DIFFER', {
      place: `${place}, in which ${parked} patients are parked who are open in the live one`,
    });
  }
}
