import type { PartitionOfTopic } from '@samspill/event-log';
import type { ErrorCode } from '@samspill/kernel';
import type { Pool } from 'pg';
import type { OwnedPartition, ReadModel } from './checkpoint.ts';
import type { VersionState } from './versions.ts';

/** Where one version of a read model stands on one partition, as the database has it: no log is asked. */
export interface Checkpoint extends PartitionOfTopic {
  readonly projection: string;
  readonly version: number;
  readonly state: VersionState;
  /** Offset of the first record that is not applied. */
  readonly next: number;
  /** Who claimed it last; null before the first claim. */
  readonly owner: string | null;
  /** Why its owner holds it; null while it moves, and where the hold could not be written down. */
  readonly heldFor: ErrorCode | null;
  readonly heldSince: Date | null;
}

/** All checkpoints of an app, of every version that is followed. Rejects with DATABASE_UNAVAILABLE. */
export async function listCheckpoints(
  pool: Pool,
  { schema }: { readonly schema: string },
): Promise<Checkpoint[]> {
  const { rows } = await pool.query<Checkpoint>(
    `SELECT projection, version, v.state, topic, partition, next_offset AS next, owner,
            held_for AS "heldFor", held_since AS "heldSince"
       FROM ${schema}.projection_offset JOIN ${schema}.read_model_version v USING (projection, version)
      WHERE v.state <> 'discarded' ORDER BY projection, version, topic, partition`,
  );
  return rows;
}

/** Writes down why the partition is held; a newer owner's row is left alone. `advance` empties it. */
export async function noteHold(
  pool: Pool,
  { schema, projection, version }: ReadModel,
  { topic, partition, ownerEpoch }: OwnedPartition,
  code: ErrorCode,
): Promise<void> {
  await pool.query(
    `UPDATE ${schema}.projection_offset SET held_for = $6, held_since = now()
      WHERE projection = $1 AND version = $2 AND topic = $3 AND partition = $4 AND owner_epoch = $5`,
    [projection, version, topic, partition, ownerEpoch, code],
  );
}
