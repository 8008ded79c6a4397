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
    (
      await db.query<ReadModelVersion>(
        `SELECT version, state FROM ${schema}.read_model_version
          WHERE projection = $1 AND state <> 'discarded' ORDER BY version`,
        [projection],
      )
    ).rows;
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

/** All versions there ever were, locked, so that one order about them waits for the other. */
export async function lockVersions(
  tx: ClientBase,
  { schema, projection }: OfProjection,
): Promise<ListedVersion[]> {
  const { rows } = await tx.query<ListedVersion>(
    `SELECT version, state FROM ${schema}.read_model_version
      WHERE projection = $1 ORDER BY version FOR UPDATE`,
    [projection],
  );
  return rows;
}

/** The number of the version in this state. Throws VERSION_STATE_WRONG. */
export function versionIn(
  listed: readonly ListedVersion[],
  state: VersionState,
  place: string,
): number {
  const found = listed.find((one) => one.state === state);
  if (found !== undefined) return found.version;
  throw new SamspillError('VERSION_STATE_WRONG', {
    place: `${place}, of which no version is ${state}`,
  });
}

/** Locks all checkpoints of these versions, in the one order in which everybody locks several. */
export async function lockCheckpointsOf(
  tx: ClientBase,
  { schema, projection }: OfProjection,
  versions: readonly number[],
): Promise<void> {
  await tx.query(
    `SELECT FROM ${schema}.projection_offset WHERE projection = $1 AND version = ANY ($2)
      ORDER BY version, topic, partition FOR UPDATE`,
    [projection, versions],
  );
}
