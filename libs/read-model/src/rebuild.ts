import { SamspillError } from '@samspill/kernel';
import type { ClientBase, Pool } from 'pg';
import type { Projection } from './projection.ts';
import { inTransaction } from './transaction.ts';
import { makeTables } from './version-tables.ts';
import { beginOrder, listedVersions, lockCheckpointsOf, versionIn } from './versions.ts';
import { physicalName } from './write-rows.ts';

/** Which read model is ordered about. */
export interface RebuildTarget {
  /** PostgreSQL schema of the app. */
  readonly schema: string;
  readonly projection: Pick<Projection, 'name' | 'tables'>;
}

/**
 * Makes the next version of a read model, empty, and answers with its number. Within a second all instances read the log
 * for it from the start, beside the live version and out of its way. A former version is discarded.
 * Rejects with VERSION_STATE_WRONG while one is being built.
 */
export async function startRebuild(
  pool: Pool,
  { schema, projection: { name: projection, tables } }: RebuildTarget,
): Promise<number> {
  return inTransaction(pool, async (tx) => {
    await beginOrder(tx, { schema, projection }, 'transaction ends');
    const listed = await listedVersions(tx, { schema, projection });
    const live = versionIn(listed, 'live', { schema, projection });
    const building = listed.find(({ state }) => state === 'building');
    if (building !== undefined) {
      throw new SamspillError('VERSION_STATE_WRONG', {
        place: `${projection} in ${schema}, of which version ${building.version} is being built`,
        mend: 'switch to that version, or discard it',
      });
    }
    const former = listed.find(({ state }) => state === 'former');
    if (former !== undefined) await drop(tx, { schema, projection, tables }, former.version);
    const version = Math.max(...listed.map((one) => one.version)) + 1;
    await tx.query(
      `INSERT INTO ${schema}.read_model_version (projection, version, state) VALUES ($1, $2, 'building')`,
      [projection, version],
    );
    await tx.query(
      `INSERT INTO ${schema}.projection_offset (projection, version, topic, partition)
       SELECT projection, $3, topic, partition FROM ${schema}.projection_offset
        WHERE projection = $1 AND version = $2`,
      [projection, live, version],
    );
    await makeTables(tx, { schema, tables, from: live, to: version });
    return version;
  });
}

/**
 * Drops a version that readers do not see, with all that is kept of it; instances stop following it within a second.
 * Rejects with VERSION_STATE_WRONG when there is no such version or it is live.
 */
export async function discardVersion(
  pool: Pool,
  {
    schema,
    projection: { name: projection, tables },
    version,
  }: RebuildTarget & { version: number },
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await beginOrder(tx, { schema, projection }, 'transaction ends');
    const listed = await listedVersions(tx, { schema, projection });
    const found = listed.find((one) => one.version === version);
    if (found === undefined || found.state === 'live' || found.state === 'discarded') {
      throw new SamspillError('VERSION_STATE_WRONG', {
        place: `${projection} in ${schema}, version ${version}, ${found?.state ?? 'which does not exist'}`,
      });
    }
    await drop(tx, { schema, projection, tables }, version);
  });
}

/** Locks in the order of a batch: checkpoints, then tables. */
async function drop(
  tx: ClientBase,
  {
    schema,
    projection,
    tables,
  }: { schema: string; projection: string; tables: Projection['tables'] },
  version: number,
): Promise<void> {
  await lockCheckpointsOf(tx, { schema, projection }, [version]);
  await tx.query(
    `UPDATE ${schema}.read_model_version SET state = 'discarded', step = '' WHERE projection = $1 AND version = $2`,
    [projection, version],
  );
  for (const table of tables) {
    await tx.query(`DROP TABLE ${physicalName({ schema, version }, table)}`);
  }
  // Of every discarded one: an instance that was just starting may have written a checkpoint after the last discarding.
  for (const kept of ['projection_offset', 'patient_gate', 'shredded_key', 'parking_stop']) {
    await tx.query(
      `DELETE FROM ${schema}.${kept} WHERE projection = $1 AND version IN (
         SELECT version FROM ${schema}.read_model_version WHERE projection = $1 AND state = 'discarded')`,
      [projection],
    );
  }
}
