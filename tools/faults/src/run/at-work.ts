import { setTimeout as pause } from 'node:timers/promises';
import { measurements } from '@samspill/contracts';
import { endsOf } from '../faults/broker-cluster.ts';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import { checkpointsOf } from './checkpoints-of.ts';

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
    return (await checkpointsOf(mesh, 'emergency-ward'))
      .filter(({ topic }) => topic === measurements.topic)
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
