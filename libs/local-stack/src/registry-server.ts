import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Artifact } from './artifact.ts';
import { runMaven } from './maven.ts';
import type { ServerPlan } from './server.ts';

const run = promisify(execFile);
const version = '3.3.3';
const archive = `apicurio-registry-app-${version}-all.tar.gz`;

export const registryArtifact = (java: string): Artifact => ({
  name: 'apicurio-registry',
  version,
  digest: '9405f7a287c8d1fdcc20a32d71cca4b3b25f19418952e0a90f6f7eb536be28b9',
  fetch: (folder) =>
    runMaven(
      `Apicurio Registry ${version}`,
      'copy',
      [
        `-DoutputDirectory=${folder}`,
        `-Dartifact=io.apicurio:apicurio-registry-app:${version}:tar.gz:all`,
      ],
      java,
    ),
  unpack: async (folder) => {
    await run('tar', ['-xzf', join(folder, archive), '-C', folder]);
    await rm(join(folder, archive));
  },
});

/** The Confluent-compatible base of a registry on this port. */
export const registryUrl = (port: number): string => `http://127.0.0.1:${port}/apis/ccompat/v7`;

/** Says how to run the registry on its database, which must be there. */
export const planRegistry = async (options: {
  readonly java: string;
  readonly program: string;
  readonly folder: string;
  readonly logFile: string;
  readonly port: number;
  readonly managementPort: number;
  /** `postgres://user:password@host:port/database` */
  readonly databaseUrl: string;
}): Promise<ServerPlan> => {
  const { java, program, folder, logFile, port, managementPort } = options;
  const database = new URL(options.databaseUrl);
  await mkdir(folder, { recursive: true });
  return {
    part: 'registry',
    command: java,
    args: [
      '-Xmx256m',
      '-XX:+UseSerialGC',
      // Its hot paths are few: quick compilation starts sooner and costs less memory.
      '-XX:TieredStopAtLevel=1',
      '-jar',
      join(program, 'quarkus-run.jar'),
    ],
    cwd: folder,
    env: {
      QUARKUS_HTTP_HOST: '127.0.0.1',
      QUARKUS_HTTP_PORT: String(port),
      // Listens on every address unless told otherwise.
      QUARKUS_MANAGEMENT_HOST: '127.0.0.1',
      QUARKUS_MANAGEMENT_PORT: String(managementPort),
      QUARKUS_OTEL_SDK_DISABLED: 'true',
      // With its other storage, on Kafka, it takes 24 s to start.
      APICURIO_STORAGE_KIND: 'sql',
      APICURIO_STORAGE_SQL_KIND: 'postgresql',
      APICURIO_DATASOURCE_URL: `jdbc:postgresql://${database.host}${database.pathname}`,
      APICURIO_DATASOURCE_USERNAME: database.username,
      APICURIO_DATASOURCE_PASSWORD: database.password,
    },
    stopSignal: 'SIGTERM',
    logFile,
    answers: async () => {
      const response = await fetch(`${registryUrl(port)}/subjects`, {
        signal: AbortSignal.timeout(5_000),
      });
      if (!response.ok) throw new Error(`status ${response.status}`);
    },
  };
};
