import { isDeepStrictEqual } from 'node:util';
import { until } from '@samspill/testing';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import { expectedOfAll, saidByAll, type Said } from './said-health.ts';

const saysWithinMs = 90_000;

/**
 * Resolves when all instances that are named say what is expected. Rejects with what they said last, and at once where one
 * says that it is not live.
 */
export async function untilSaid(mesh: FaultMesh, what: string, expected: Said): Promise<void> {
  await until(
    `${what}: all say ${JSON.stringify(expected)}`,
    saysWithinMs,
    async () => {
      const said = await saidByAll(mesh, Object.keys(expected));
      if (Object.values(said).includes('not live')) {
        throw new Error(`${what}: ${JSON.stringify(said)}`);
      }
      return said;
    },
    (said) => isDeepStrictEqual(said, expected),
  );
}

/** Resolves when every instance is ready. */
export const allReady = (mesh: FaultMesh): Promise<void> =>
  untilSaid(mesh, 'all is healed', expectedOfAll(mesh, []));
