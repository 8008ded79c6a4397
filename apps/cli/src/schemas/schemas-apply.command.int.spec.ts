import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataProducts } from '@samspill/contracts';
import { kafkaEventLog } from '@samspill/event-log';
import { startLocalStack, type LocalStack } from '@samspill/local-stack';
import { openWireFormat } from '@samspill/schema-registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSamspill } from '../support/run-samspill.ts';

let stack: LocalStack;
let dataDir: string;
const samspill = (...args: string[]) =>
  runSamspill(args, {
    env: {
      KAFKA_BROKERS: stack.kafkaBrokers.join(','),
      SCHEMA_REGISTRY_URL: stack.schemaRegistryUrl,
    },
  });

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'samspill-apply-'));
  stack = await startLocalStack({ dataDir, ports: 'free' });
});
afterAll(async () => {
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
});

describe('samspill schemas apply', () => {
  it('gives services all that they need, and changes nothing the second time', async () => {
    const first = await samspill('schemas', 'apply');
    expect(first, first.err).toMatchObject({ exitCode: 0 });
    await openWireFormat({ registryUrl: stack.schemaRegistryUrl, products: dataProducts });
    const log = kafkaEventLog({ brokers: stack.kafkaBrokers, clientId: 'samspill-apply-spec' });
    for (const { topic, partitions } of dataProducts) {
      expect(await log.ranges(topic)).toHaveLength(partitions);
    }
    await log.close();

    const second = await samspill('schemas', 'apply');
    expect(second.exitCode).toBe(0);
    expect(second.out).not.toContain('registered');
    expect(second.out).toContain('held');
  });

  it('leaves a registry behind that the check holds the schemas against', async () => {
    await samspill('schemas', 'apply');
    const { exitCode, out } = await samspill('schemas', 'check');
    expect(exitCode).toBe(0);
    expect(out).toContain(stack.schemaRegistryUrl);
  });

  it('ends with 3 when the registry is away', async () => {
    const { exitCode, err } = await runSamspill(['schemas', 'apply'], {
      env: {
        KAFKA_BROKERS: stack.kafkaBrokers.join(','),
        SCHEMA_REGISTRY_URL: 'http://127.0.0.1:9/apis/ccompat/v7',
      },
    });
    expect(exitCode).toBe(3);
    expect(err).toMatch(/^SCHEMA_REGISTRY_UNAVAILABLE: http:\/\/127\.0\.0\.1:9/);
  });
});
