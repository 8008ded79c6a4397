import { setTimeout as pause } from 'node:timers/promises';
import { brokerIds, type FaultMesh, type PartName } from '../mesh/fault-mesh.ts';
import { allInSync } from './broker-cluster.ts';
import type { Fault } from './fault.ts';

/** What a new release does: each part ends in good order and starts again, one at a time. */
const parts: readonly PartName[] = [
  ...(['key-vault', 'measurements', 'emergency-ward'] as const).flatMap((service) =>
    ([1, 2] as const).map((number): PartName => `${service}-${number}`),
  ),
  'registry',
  ...brokerIds.map((id): PartName => `broker-${id}`),
];

async function restartInOrder(mesh: FaultMesh, part: PartName): Promise<void> {
  // Ends it in good order first.
  await mesh.restart(part);
  if (part.startsWith('broker-')) await allInSync(mesh);
}

export const rollingRestart: Fault = {
  name: 'rolling-restart',
  areas: ['brokers', 'registry', 'key-vault', 'measurements', 'emergency-ward'],
  lastsMs: [0, 0],
  weight: 0.3,
  inject: ({ mesh }) =>
    Promise.resolve({
      detail: `${parts.length} parts, one at a time`,
      heal: async () => {
        for (const part of parts) {
          await restartInOrder(mesh, part);
          await pause(500);
        }
      },
    }),
};
