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

/** What is known of the services of a mesh to those who did not start it. */
export type MeshFile = z.infer<typeof meshFile>;

const pathIn = (dataDir: string): string => join(dataDir, 'mesh.json');

export const writeMeshFile = (dataDir: string, mesh: MeshFile): Promise<void> =>
  writeFile(pathIn(dataDir), `${JSON.stringify(mesh, undefined, 2)}\n`);

export const removeMeshFile = (dataDir: string): Promise<void> =>
  rm(pathIn(dataDir), { force: true });

/** The services on this data directory, of which one at least runs, with whether each does; else undefined. */
export async function findRunningMesh(
  dataDir: string,
): Promise<
  | { urls: MeshFile['urls']; services: { name: string; pid: number; running: boolean }[] }
  | undefined
> {
  const mesh = await readMeshFile(dataDir);
  if (!mesh?.processes.some(isRunning)) return undefined;
  return { urls: mesh.urls, services: mesh.processes.map(serviceOf) };
}

/** The services that the file of this data directory names, also when none runs any more; undefined: there is no file. */
export async function meshProcesses(
  dataDir: string,
): Promise<ReturnType<typeof serviceOf>[] | undefined> {
  return (await readMeshFile(dataDir))?.processes.map(serviceOf);
}

const serviceOf = (service: MeshFile['processes'][number]) => ({
  name: service.name,
  pid: service.pid,
  running: isRunning(service),
});

/** Ends services, then servers; false when nothing ran. */
export async function stopRunningMesh(dataDir: string): Promise<boolean> {
  const mesh = await readMeshFile(dataDir);
  const running = mesh?.processes.filter(isRunning) ?? [];
  await shutDown(running);
  await removeMeshFile(dataDir);
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
