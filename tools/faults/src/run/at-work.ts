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
  for (;;) {
    over.throwIfAborted();
    try {
      ends ??= await endsOf(mesh, measurements.topic);
      const checkpoints = await checkpointsOf(mesh, 'emergency-ward');
      const own = checkpoints.filter(({ topic }) => topic === measurements.topic);
      const known = ends;
      if (own.every(({ partition, next }) => next >= (known.get(partition) ?? 0))) return;
    } catch {
      // Broker or database are not back yet.
    }
    await pause(askEveryMs, undefined, { signal: over });
  }
}
