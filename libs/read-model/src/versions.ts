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
