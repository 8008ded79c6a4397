import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataProducts } from '@samspill/contracts';
import { ensureTopics } from '@samspill/event-log';
import { createDatabase, startLocalStack } from '@samspill/local-stack';
import { createPool, migrate } from '@samspill/read-model';
import { applySchemas } from '@samspill/schema-registry';
import { bootService, METRICS } from '@samspill/service';
import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import { keyVaultDefinition } from '../key-vault-definition.ts';

/** Real servers with an empty database and a key-encryption key of their own. */
export interface Servers {
  /** What an instance of the vault is told, on a free port. */
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  stop(): Promise<void>;
}

export async function startServers(): Promise<Servers> {
  const folder = await mkdtemp(join(tmpdir(), 'samspill-vault-'));
  const stack = await startLocalStack({ dataDir: folder, ports: 'free' });
  await applySchemas({ registryUrl: stack.schemaRegistryUrl, products: dataProducts });
  await ensureTopics(stack.kafkaBrokers, dataProducts);
  const database = `key_vault_${randomUUID().replaceAll('-', '')}`;
  return {
    env: {
      PORT: '0',
      LOG_LEVEL: 'silent',
      KAFKA_BROKERS: stack.kafkaBrokers.join(','),
      SCHEMA_REGISTRY_URL: stack.schemaRegistryUrl,
      DATABASE_URL: await createDatabase(stack.databaseUrl, database),
      SAMSPILL_KEK_FILE: join(folder, 'secrets/kek'),
    },
    folder,
    stop: async () => {
      await stack.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A running instance of the vault in this process. */
export interface Instance {
  readonly url: string;
  readonly metrics: Registry;
  close(): Promise<void>;
}

export async function startInstance(env: Readonly<Record<string, string>>): Promise<Instance> {
  const app = await bootService(keyVaultDefinition(env), env);
  const metrics = app.get<Registry>(METRICS);
  return { url: await app.getUrl(), metrics, close: () => app.close() };
}

/** A pool on the vault's tables, migrated. */
export async function openPool(env: Readonly<Record<string, string>>): Promise<Pool> {
  const options = { schema: 'key_vault', applicationName: 'key-vault test' };
  const pool = createPool(env['DATABASE_URL'] ?? '', options);
  const folder = join(import.meta.dirname, '../../migrations');
  await migrate(pool, { schema: options.schema, folder });
  return pool;
}

/** Calls a vault as a client of the local register; answers with status and body. */
export async function call(url: string, clientId: string, path: string, body: unknown) {
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'samspill-client': clientId },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}
