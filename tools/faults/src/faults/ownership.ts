import { setTimeout as pause } from 'node:timers/promises';
import type { FaultMesh, InstanceName } from '../mesh/fault-mesh.ts';
import { serviceOf } from '../mesh/instance-plans.ts';
import { schemaOf } from '../evidence/read-models.ts';
import { withClient } from '../evidence/with-client.ts';

const askEveryMs = 100;

/** Owner epochs of what a process owns, by read model and partition; a takeover makes each greater. */
export type Ownership = ReadonlyMap<string, number>;

const epochsOf = (
  mesh: FaultMesh,
  instance: InstanceName,
  owner: string | undefined,
): Promise<Ownership> => {
  const service = serviceOf(instance);
  return withClient(mesh.databaseUrls[service], async (db) => {
    const { rows } = await db.query<{ name: string; epoch: number }>(
      `SELECT projection || '.v' || version || ' ' || topic || ':' || partition AS name,
              owner_epoch::float8 AS epoch
       FROM ${schemaOf(service)}.projection_offset WHERE $1::text IS NULL OR owner = $1`,
      [owner ?? null],
    );
    return new Map(rows.map(({ name, epoch }) => [name, epoch]));
  });
};

/** What the running process of an instance owns, by the read models' own word; empty where the database is away. */
export async function ownedBy(mesh: FaultMesh, instance: InstanceName): Promise<Ownership> {
  const owner = `${serviceOf(instance)}/${mesh.pidOf(instance) ?? 'none'}`;
  return epochsOf(mesh, instance, owner).catch(() => new Map());
}

/** Resolves when all of it has been claimed anew. Rejects when over. */
export async function takenOver(
  mesh: FaultMesh,
  instance: InstanceName,
  owned: Ownership,
  over: AbortSignal,
): Promise<void> {
  for (;;) {
    over.throwIfAborted();
    const epochs = await epochsOf(mesh, instance, undefined).catch(() => undefined);
    if (epochs && [...owned].every(([name, epoch]) => (epochs.get(name) ?? Infinity) > epoch))
      return;
    await pause(askEveryMs, undefined, { signal: over });
  }
}
