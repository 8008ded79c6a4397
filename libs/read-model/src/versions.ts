import { SamspillError } from '@samspill/kernel';
import type { ClientBase, Pool } from 'pg';

/** *live*: readers see it. *building*: a rebuild. *former*: was live, and is followed on for a switch back. */
export type VersionState = 'live' | 'building' | 'former';

/** One of the versions of a read model that all instances follow. */
export interface ReadModelVersion {
  readonly version: number;
  readonly state: VersionState;
}

/** Which read model, of which app. */
export interface OfProjection {
  /** PostgreSQL schema of the app. */
  readonly schema: string;
  /** Name of the projection. */
  readonly projection: string;
}

/** The versions that are followed, the live one among them; version 1 is made live where there is none yet. */
export async function followedVersions(
  db: Pool | ClientBase,
  { schema, projection }: OfProjection,
): Promise<ReadModelVersion[]> {
  const read = async (): Promise<ReadModelVersion[]> =>
    (await listedVersions(db, { schema, projection })).flatMap(({ version, state }) =>
      state === 'discarded' ? [] : [{ version, state }],
    );
  const versions = await read();
  if (versions.some(({ state }) => state === 'live')) return versions;
  await db.query(
    `INSERT INTO ${schema}.read_model_version (projection, version, state, switched_at)
     VALUES ($1, 1, 'live', now()) ON CONFLICT DO NOTHING`,
    [projection],
  );
  return read();
}

/** A version that is followed, or one that was. */
export interface ListedVersion {
  readonly version: number;
  readonly state: VersionState | 'discarded';
}

/**
 * Holds all other orders about the versions off, until the transaction or the connection ends, and with it also when the
 * process is killed. Rejects with VERSION_STATE_WRONG while another order is under way.
 */
export async function beginOrder(
  db: ClientBase,
  { schema, projection }: OfProjection,
  until: 'transaction ends' | 'connection ends',
): Promise<void> {
  const lock = until === 'transaction ends' ? 'pg_try_advisory_xact_lock' : 'pg_try_advisory_lock';
  const { rows } = await db.query<{ locked: boolean }>(
    `SELECT ${lock}(hashtextextended($1, 0)) AS locked`,
    [`versions of ${schema}.${projection}`],
  );
  if (rows[0]?.locked === true) return;
  throw new SamspillError('VERSION_STATE_WRONG', {
    place: `${projection} in ${schema}, about which another order is under way`,
    mend: 'wait until that has ended',
  });
}

/** All versions there ever were. */
export async function listedVersions(
  db: Pool | ClientBase,
  { schema, projection }: OfProjection,
): Promise<ListedVersion[]> {
  const { rows } = await db.query<ListedVersion>(
    `SELECT version, state FROM ${schema}.read_model_version WHERE projection = $1 ORDER BY version`,
    [projection],
  );
  return rows;
}

/** The number of the version in this state. Throws VERSION_STATE_WRONG. */
export function versionIn(
  listed: readonly ListedVersion[],
  state: VersionState,
  { schema, projection }: OfProjection,
): number {
  const found = listed.find((one) => one.state === state);
  if (found !== undefined) return found.version;
  throw new SamspillError('VERSION_STATE_WRONG', {
    place: `${projection} in ${schema}, of which no version is ${state}`,
  });
}

/** Locks all checkpoints of these versions, or of every one, in the one order in which everybody locks several. */
export async function lockCheckpointsOf(
  tx: ClientBase,
  { schema, projection }: OfProjection,
  versions?: readonly number[],
): Promise<void> {
  await tx.query(
    `SELECT FROM ${schema}.projection_offset
      WHERE projection = $1 AND ($2::int[] IS NULL OR version = ANY ($2))
      ORDER BY version, topic, partition FOR UPDATE`,
    [projection, versions ?? null],
  );
}
