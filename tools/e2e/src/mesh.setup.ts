// One mesh serves all files of the suite; each file uses patients and databases of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSpanReceiver } from '@samspill/service/span-receiver';
import { startMesh } from '@samspill/testing';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    mesh: MeshAddresses;
  }
}

/** What a test file gets to know of the mesh. */
export interface MeshAddresses {
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly urls: Readonly<Record<'key-vault' | 'measurements' | 'emergency-ward', string>>;
  readonly control: string;
  /** Takes the traces of the services; see the span receiver of libs/service. */
  readonly spans: string;
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'samspill-e2e-'));
  const receiver = await startSpanReceiver();
  const serviceEnv = {
    LOG_LEVEL: 'debug',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_BSP_SCHEDULE_DELAY: '200',
  };
  const mesh = await startMesh({ dataDir, ports: 'free', serviceEnv });
  const { startMeshControl } = await import('./mesh-control.ts');
  const control = await startMeshControl(mesh);
  project.provide('mesh', {
    brokers: mesh.stack.kafkaBrokers,
    registryUrl: mesh.stack.schemaRegistryUrl,
    databaseUrl: mesh.stack.databaseUrl,
    dataDir,
    urls: mesh.urls,
    control: control.url,
    spans: receiver.url,
  });
  return async () => {
    await control.close();
    await mesh.stop();
    await receiver.close();
    await rm(dataDir, { recursive: true, force: true });
  };
}
