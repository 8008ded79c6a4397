import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  createDatabase,
  planKafka,
  planPostgres,
  planRegistry,
  type ServerPlan,
  type ServerPrograms,
} from '@samspill/local-stack';
import { brokerIds, type BrokerName, type PartName } from './fault-mesh.ts';
import type { MeshPorts } from './mesh-ports.ts';

export interface ServerGround extends ServerPrograms {
  readonly dataDir: string;
  readonly ports: MeshPorts;
  /** Past the proxy, of a user who may create databases. */
  readonly databaseUrl: string;
}

const placeOf = (dataDir: string, part: PartName): { folder: string; logFile: string } => ({
  folder: join(dataDir, part),
  logFile: join(dataDir, 'logs', `${part}.log`),
});

/** Three nodes of one cluster, each broker and controller, formatted. */
export async function planBrokers(ground: ServerGround): Promise<ServerPlan<BrokerName>[]> {
  const { java, kafkaJars: jars, dataDir, ports } = ground;
  const id = randomBytes(16).toString('base64url');
  const controllerPorts = Object.fromEntries(
    brokerIds.map((node) => [node, ports.brokers[node].controller]),
  );
  return Promise.all(
    brokerIds.map(async (nodeId) => {
      const part = `broker-${nodeId}` as const;
      const { client: port, proxy: advertisedPort, inner, controller } = ports.brokers[nodeId];
      const cluster = { id, nodeId, controllerPorts, innerPort: inner, advertisedPort };
      const place = placeOf(dataDir, part);
      const plan = { ...place, java, jars, port, controllerPort: controller, cluster };
      return { ...(await planKafka(plan)), part };
    }),
  );
}

export async function planDatabase(ground: ServerGround): Promise<ServerPlan<PartName>> {
  const { dataDir, ports, databaseUrl } = ground;
  const place = placeOf(dataDir, 'postgres');
  return {
    ...(await planPostgres({ ...place, port: ports.postgres, databaseUrl })),
    part: 'postgres',
  };
}

/** The database must run. The registry reaches it past the proxy: it is not what is tested. */
export async function planSchemaRegistry(ground: ServerGround): Promise<ServerPlan<PartName>> {
  const { java, registryProgram: program, dataDir, ports } = ground;
  const plan = await planRegistry({
    ...placeOf(dataDir, 'registry'),
    java,
    program,
    port: ports.registry,
    managementPort: ports.registryManagement,
    databaseUrl: await createDatabase(ground.databaseUrl, 'registry'),
  });
  return { ...plan, part: 'registry' };
}
