import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning, shutDown, stopRunningStack } from '@samspill/local-stack';
import { z } from 'zod';
import { serviceNames } from './mesh-services.ts';

const meshFile = z.object({
  urls: z.record(z.enum(serviceNames), z.string()),
  processes: z.array(
    z.object({
      name: z.enum(serviceNames),
      pid: z.number(),
      startTime: z.string(),
      stopSignal: z.enum(['SIGTERM', 'SIGINT']),
    }),
  ),
});

/** The services of a mesh that outlives the process that started it. */
export type MeshFile = z.infer<typeof meshFile>;

const pathIn = (dataDir: string): string => join(dataDir, 'mesh.json');

export const writeMeshFile = (dataDir: string, mesh: MeshFile): Promise<void> =>
  writeFile(pathIn(dataDir), `${JSON.stringify(mesh, undefined, 2)}\n`);

/** The services that were started on this data directory, with whether each still runs; undefined when none were. */
export async function findRunningMesh(
  dataDir: string,
): Promise<
  | { urls: MeshFile['urls']; services: { name: string; pid: number; running: boolean }[] }
  | undefined
> {
  const mesh = await readMeshFile(dataDir);
  if (mesh === undefined) return undefined;
  const services = mesh.processes.map((service) => ({
    name: service.name,
    pid: service.pid,
    running: isRunning(service),
  }));
  return { urls: mesh.urls, services };
}

/** Ends services, then servers; false when nothing ran. */
export async function stopRunningMesh(dataDir: string): Promise<boolean> {
  const mesh = await readMeshFile(dataDir);
  const running = mesh?.processes.filter(isRunning) ?? [];
  await shutDown(running);
  await rm(pathIn(dataDir), { force: true });
  const stackRan = await stopRunningStack(dataDir);
  return stackRan || running.length > 0;
}

async function readMeshFile(dataDir: string): Promise<MeshFile | undefined> {
  try {
    return meshFile.parse(JSON.parse(await readFile(pathIn(dataDir), 'utf8')));
  } catch {
    // Absent, or cut short by the end of the process that wrote it.
    return undefined;
  }
}
