import { cp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withDatabase } from '@samspill/local-stack';
import { until, type Mesh, type ServiceName } from '@samspill/testing';
import { escapeIdentifier } from 'pg';

/** Steps of the drill of tools/docs/backup-and-restore.md, by what this machine has: cold copies. */

export const databaseOf = (service: ServiceName): string => service.replaceAll('-', '_');

export function ask<Row>(mesh: Mesh, database: string, sql: string): Promise<Row[]> {
  const url = new URL(mesh.stack.databaseUrl);
  url.pathname = `/${database}`;
  return withDatabase(url.href, async (db) => (await db.query(sql)).rows as Row[]);
}

/** Makes `to` a copy of `from`, in place of what it held; whoever is connected to either is put out. */
export async function copyDatabase(mesh: Mesh, from: string, to: string): Promise<void> {
  await ask(
    mesh,
    'postgres',
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ('${from}', '${to}')`,
  );
  await ask(mesh, 'postgres', `DROP DATABASE IF EXISTS ${escapeIdentifier(to)} WITH (FORCE)`);
  await ask(
    mesh,
    'postgres',
    `CREATE DATABASE ${escapeIdentifier(to)} TEMPLATE ${escapeIdentifier(from)}`,
  );
}

/** Ends services and waits until none answers. */
export async function stopServices(mesh: Mesh, services: readonly ServiceName[]): Promise<void> {
  for (const service of services) mesh.kill(service, 'SIGTERM');
  for (const service of services) {
    await until(
      `${service} stopped`,
      60_000,
      () =>
        fetch(`${mesh.urls[service]}/health/live`).then(
          () => true,
          () => false,
        ),
      (answers) => !answers,
    );
  }
}

/** In an order that works after any restore: the vault first, since the others ask it. */
export async function startServices(mesh: Mesh): Promise<void> {
  for (const service of ['key-vault', 'measurements', 'emergency-ward'] as const)
    await mesh.restart(service);
}

const kafkaFolder = (mesh: Mesh): string => join(mesh.dataDir, 'kafka');

async function stopKafka(mesh: Mesh): Promise<void> {
  const kafka = mesh.stack.processes.find(({ name }) => name === 'kafka');
  mesh.stack.kill('kafka', 'SIGTERM');
  await until(
    'Kafka stopped',
    60_000,
    () => Promise.resolve(kafka !== undefined && isProcess(kafka.pid)),
    (runs) => !runs,
  );
}

const isProcess = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Copies the log while the broker is down, and starts it again. */
export async function backUpLog(mesh: Mesh, name: string): Promise<void> {
  await stopKafka(mesh);
  await cp(kafkaFolder(mesh), `${kafkaFolder(mesh)}.${name}`, { recursive: true });
  await mesh.stack.restart('kafka');
}

/** Puts a copy in the place of the log, which is kept under another name. */
export async function restoreLog(mesh: Mesh, name: string, keptAs: string): Promise<void> {
  await stopKafka(mesh);
  await rename(kafkaFolder(mesh), `${kafkaFolder(mesh)}.${keptAs}`);
  await cp(`${kafkaFolder(mesh)}.${name}`, kafkaFolder(mesh), { recursive: true });
  await mesh.stack.restart('kafka');
}

export const removeLog = (dataDir: string): Promise<void> =>
  rm(join(dataDir, 'kafka'), { recursive: true });

/** What a service has written into its log since it was this long. */
export const saidBy = async (dataDir: string, service: ServiceName, since = 0): Promise<string> =>
  (await readFile(join(dataDir, 'logs', `${service}.log`), 'utf8').catch(() => '')).slice(since);
