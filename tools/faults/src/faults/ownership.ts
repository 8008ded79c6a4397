import { Client } from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import type { FaultMesh, InstanceName } from '../mesh/fault-mesh.ts';
import { serviceOf } from '../mesh/instance-plans.ts';

const askEveryMs = 100;

/** How many partitions a process owns, by the read models' own word. */
async function ownedCount(mesh: FaultMesh, instance: InstanceName, pid: number): Promise<number> {
  const service = serviceOf(instance);
  const client = new Client({
    connectionString: mesh.databaseUrls[service],
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const schema = service.replaceAll('-', '_');
    const { rows } = await client.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${schema}.projection_offset WHERE owner = $1`,
      [`${service}/${pid}`],
    );
    return rows[0]?.count ?? 0;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Resolves when others have claimed all that this process owned. Rejects when over. */
export async function takenOver(
  mesh: FaultMesh,
  instance: InstanceName,
  pid: number,
  over: AbortSignal,
): Promise<void> {
  for (;;) {
    over.throwIfAborted();
    const owned = await ownedCount(mesh, instance, pid).catch(() => undefined);
    if (owned === 0) return;
    await pause(askEveryMs, undefined, { signal: over });
  }
}
