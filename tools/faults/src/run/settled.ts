import { setTimeout as pause } from 'node:timers/promises';
import { dataProducts } from '@samspill/contracts';
import { endsOf } from '../faults/broker-cluster.ts';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import { checkpointsOf } from './checkpoints-of.ts';

const askEveryMs = 500;

/**
 * Resolves when every read model has read all there is, and went on doing so for two looks. Rejects with what lags when
 * over. Nobody may write any more.
 */
export async function settled(mesh: FaultMesh, over: AbortSignal): Promise<void> {
  let looks = 0;
  let lag = 'nothing was seen yet';
  while (looks < 2) {
    if (over.aborted) throw new Error(`read models do not reach the end of the log: ${lag}`);
    lag = await lagOf(mesh).catch(String);
    looks = lag === '' ? looks + 1 : 0;
    await pause(askEveryMs);
  }
}

async function lagOf(mesh: FaultMesh): Promise<string> {
  const ends = new Map(
    await Promise.all(
      dataProducts.map(async ({ topic }) => [topic, await endsOf(mesh, topic)] as const),
    ),
  );
  const services = ['measurements', 'emergency-ward'] as const;
  const checkpoints = await Promise.all(services.map((service) => checkpointsOf(mesh, service)));
  return checkpoints
    .flat()
    .filter(({ topic, partition, next }) => next !== ends.get(topic)?.get(partition))
    .map(
      ({ projection, topic, partition, next }) =>
        `${projection} of ${topic}:${partition} at ${next}`,
    )
    .join(', ');
}
