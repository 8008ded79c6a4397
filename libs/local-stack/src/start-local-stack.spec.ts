import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startLocalStack } from './start-local-stack.ts';

beforeEach(() => {
  vi.stubEnv('KAFKA_BROKERS', 'broker:9092');
  vi.stubEnv('SCHEMA_REGISTRY_URL', 'http://registry/apis/ccompat/v7');
  vi.stubEnv('DATABASE_URL', 'postgres://postgres@database/postgres');
});
afterEach(() => vi.unstubAllEnvs());

describe('a stack that the environment names', () => {
  it('is taken as it is: nothing is started', async () => {
    const stack = await startLocalStack({ dataDir: '/nowhere' });
    expect(stack).toMatchObject({
      kind: 'found',
      kafkaBrokers: ['broker:9092'],
      schemaRegistryUrl: 'http://registry/apis/ccompat/v7',
      databaseUrl: 'postgres://postgres@database/postgres',
      processes: [],
    });
    await stack.stop();
  });

  it('is not ours to kill or to start again', async () => {
    const stack = await startLocalStack({ dataDir: '/nowhere' });
    expect(() => stack.kill('kafka', 'SIGKILL')).toThrow(/CONFIG_INVALID: KAFKA_BROKERS/);
    await expect(stack.restart('kafka')).rejects.toThrow(/CONFIG_INVALID: KAFKA_BROKERS/);
  });

  it('is refused when SAMSPILL_STACK names a way that there is not', async () => {
    vi.stubEnv('SAMSPILL_STACK', 'podman');
    await expect(startLocalStack({ dataDir: '/nowhere', ignoreEnvironment: true })).rejects.toThrow(
      /CONFIG_INVALID: SAMSPILL_STACK/,
    );
  });

  it('is refused when it is named in part', async () => {
    vi.stubEnv('DATABASE_URL', undefined);
    await expect(startLocalStack({ dataDir: '/nowhere' })).rejects.toThrow(
      /CONFIG_INVALID: DATABASE_URL/,
    );
  });
});
