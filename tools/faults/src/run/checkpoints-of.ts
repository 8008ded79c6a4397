import type { ServiceName } from '@samspill/testing';
import { withClient } from '../evidence/with-client.ts';
import type { FaultMesh } from '../mesh/fault-mesh.ts';

/** How far a projection has read a partition. */
export interface Checkpoint {
  readonly projection: string;
  readonly topic: string;
  readonly partition: number;
  readonly next: number;
}

/** Of the live version of every projection of a service. Rejects while the database is away. */
export const checkpointsOf = (mesh: FaultMesh, service: ServiceName): Promise<Checkpoint[]> =>
  withClient(mesh.databaseUrls[service], async (db) => {
    const schema = service.replaceAll('-', '_');
    const { rows } = await db.query<Checkpoint>(
      `SELECT projection, topic, partition, next_offset::float8 AS next
       FROM ${schema}.projection_offset
       JOIN ${schema}.read_model_version USING (projection, version) WHERE state = 'live'`,
    );
    return rows;
  });
