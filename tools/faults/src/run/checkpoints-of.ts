import type { ServiceName } from '@samspill/testing';
import { Client } from 'pg';
import type { FaultMesh } from '../mesh/fault-mesh.ts';

/** How far a version of a projection has read a partition. */
export interface Checkpoint {
  readonly projection: string;
  readonly version: number;
  readonly topic: string;
  readonly partition: number;
  readonly next: number;
}

/** Of all projections of a service. Rejects while the database is away. */
export async function checkpointsOf(mesh: FaultMesh, service: ServiceName): Promise<Checkpoint[]> {
  const client = new Client({
    connectionString: mesh.databaseUrls[service],
    connectionTimeoutMillis: 2_000,
    query_timeout: 5_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Checkpoint>(
      `SELECT projection, version, topic, partition, next_offset::float8 AS next
       FROM ${service.replaceAll('-', '_')}.projection_offset`,
    );
    return rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
