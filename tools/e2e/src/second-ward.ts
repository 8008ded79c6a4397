import { join } from 'node:path';
import { freePort, ServerGroup, startReaper } from '@samspill/local-stack';
import { serviceDatabases, serviceNames, servicePlan, type ServiceName } from '@samspill/testing';
import type { MeshAddresses } from './mesh.setup.ts';

/** Another instance of the ward beside the one of the mesh: the same database and group, a process of its own. */
export async function startSecondWard(
  mesh: MeshAddresses,
): Promise<{ url: string; stop(): Promise<void> }> {
  const ports = Object.fromEntries(
    serviceNames.map((name) => [name, Number(new URL(mesh.urls[name]).port)]),
  ) as Record<ServiceName, number>;
  const port = await freePort(new Set());
  const databases = await serviceDatabases(mesh.databaseUrl);
  const { brokers, registryUrl, databaseUrl, dataDir } = mesh;
  const group = new ServerGroup<ServiceName>(startReaper());
  await group.start(
    servicePlan('emergency-ward', {
      stack: { kafkaBrokers: [...brokers], schemaRegistryUrl: registryUrl, databaseUrl },
      ports: { ...ports, 'emergency-ward': port },
      databases,
      dataDir: join(dataDir, 'second-ward'),
    }),
  );
  return { url: `http://127.0.0.1:${port}`, stop: () => group.stop() };
}
