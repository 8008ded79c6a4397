import { join } from 'node:path';
import { refuseProductionMode } from '@samspill/kernel';
import { z } from 'zod';
import { readSettings } from './read-settings.ts';

const setting = z.object({
  SAMSPILL_MODE: z.enum(['development', 'production']).default('development'),
  HOST: z.enum(['127.0.0.1', '::1', 'localhost']).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).optional(),
  KAFKA_BROKERS: z.string().min(1),
  SCHEMA_REGISTRY_URL: z.url(),
  DATABASE_URL: z.url(),
  KEY_VAULT_URL: z.url().optional(),
  SAMSPILL_IDENTITY: z.enum(['strict', 'lenient']).default('lenient'),
  SAMSPILL_CLIENTS: z
    .string()
    .default(join(import.meta.dirname, '../../../infra/local/clients.yaml')),
  SAMSPILL_SESSION_TIMEOUT_MS: z.coerce.number().int().min(1000).default(45_000),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** What a service is told by its environment. */
export interface ServiceConfig {
  readonly host: string;
  readonly port: number;
  readonly kafkaBrokers: readonly string[];
  readonly schemaRegistryUrl: string;
  readonly databaseUrl: string;
  readonly keyVaultUrl: string | undefined;
  readonly identity: 'strict' | 'lenient';
  readonly clientRegister: string;
  readonly sessionTimeoutMs: number;
  readonly logLevel: string;
}

/**
 * Reads the environment. Throws CONFIG_INVALID naming every setting that is missing or wrong, and
 * PRODUCTION_MODE_REFUSED in production mode: callers are not verified yet.
 */
export function readServiceConfig(env: NodeJS.ProcessEnv, defaultPort: number): ServiceConfig {
  const it = readSettings(setting, env);
  refuseProductionMode(env);
  return {
    host: it.HOST,
    port: it.PORT ?? defaultPort,
    kafkaBrokers: it.KAFKA_BROKERS.split(','),
    schemaRegistryUrl: it.SCHEMA_REGISTRY_URL,
    databaseUrl: it.DATABASE_URL,
    keyVaultUrl: it.KEY_VAULT_URL,
    identity: it.SAMSPILL_IDENTITY,
    clientRegister: it.SAMSPILL_CLIENTS,
    sessionTimeoutMs: it.SAMSPILL_SESSION_TIMEOUT_MS,
    logLevel: it.LOG_LEVEL,
  };
}
