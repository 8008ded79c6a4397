import { setTimeout as pause } from 'node:timers/promises';
import { measurements } from '@samspill/contracts';
import { withClient } from '../evidence/with-client.ts';
import { endsOf } from '../faults/broker-cluster.ts';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import type { Acknowledgements } from './acknowledgements.ts';

const askEveryMs = 200;
const partitions = Array.from({ length: measurements.partitions }, (_, partition) => partition);

/**
 * Resolves when writers have been answered on every partition, and the ward has read all that was there when this was
 * called. Rejects when over.
 */
export async function atWork(
  mesh: FaultMesh,
  acknowledgements: Acknowledgements,
  over: AbortSignal,
): Promise<void> {
  await Promise.all([acknowledgements.ofEach(partitions, over), wardReads(mesh, over)]);
}

async function wardReads(mesh: FaultMesh, over: AbortSignal): Promise<void> {
  let ends: ReadonlyMap<number, number> | undefined;
  let behind = '';
  const look = async (): Promise<string> => {
    const known = (ends ??= await endsOf(mesh, measurements.topic));
    return (await checkpointsOf(mesh))
      .filter(({ partition, next }) => next < (known.get(partition) ?? 0))
      .map(({ partition, next }) => `${partition} at ${next} of ${known.get(partition) ?? 0}`)
      .join(', ');
  };
  while (!over.aborted) {
    // Broker or database may not be back yet.
    behind = await look().catch(String);
    if (behind === '') return;
    await pause(askEveryMs);
  }
  throw new Error(`the ward has read ${behind}`);
}

/** How far the ward's live version has read each partition of the measurements. Rejects while the database is away. */
const checkpointsOf = (mesh: FaultMesh): Promise<{ partition: number; next: number }[]> =>
  withClient(mesh.databaseUrls['emergency-ward'], async (db) => {
    const { rows } = await db.query<{ partition: number; next: number }>(
      `SELECT partition, next_offset::float8 AS next
       FROM emergency_ward.projection_offset
       JOIN emergency_ward.read_model_version USING (projection, version)
       WHERE state = 'live' AND topic = $1`,
      [measurements.topic],
    );
    return rows;
  });
