import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataProducts } from '@samspill/contracts';
import { ensureTopics, kafkaEventLog, type EventLog } from '@samspill/event-log';
import { createDatabase, startLocalStack } from '@samspill/local-stack';
import { memoryKeyClient, type MemoryKeyClient } from '@samspill/privacy';
import { applySchemas, openWireFormat, type WireFormat } from '@samspill/schema-registry';
import { bootService, METRICS } from '@samspill/service';
import type { Registry } from 'prom-client';
import { emergencyWard } from './emergency-ward.ts';
import { home } from './home.sample.ts';

/** For specs: a ward that serves, and what its home has to measure with. */
export interface WardServers {
  readonly url: string;
  readonly metrics: Registry;
  readonly keys: MemoryKeyClient;
  readonly eventLog: EventLog;
  readonly wire: WireFormat;
  readonly hub: ReturnType<typeof home>;
  stop(): Promise<void>;
}

const nothing = () => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Ends what it has started where it does not come to an end. */
export async function startWard(): Promise<WardServers> {
  await using starting = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'samspill-ward-'));
  starting.defer(() => rm(dataDir, { recursive: true, force: true }));
  // Servers of its own: what others publish would hold the ward, which has not their keys.
  const stack = await startLocalStack({ dataDir, ports: 'free', ignoreEnvironment: true });
  starting.defer(() => stack.stop());
  const { kafkaBrokers: brokers, schemaRegistryUrl: registryUrl } = stack;
  await applySchemas({ registryUrl, products: dataProducts });
  await ensureTopics(brokers, dataProducts);
  const keys = memoryKeyClient();
  const app = await bootService(
    emergencyWard(() => keys),
    {
      KAFKA_BROKERS: brokers.join(','),
      SCHEMA_REGISTRY_URL: registryUrl,
      DATABASE_URL: await createDatabase(stack.databaseUrl, 'emergency_ward'),
      PORT: '0',
      LOG_LEVEL: 'silent',
    },
  );
  starting.defer(() => app.close());
  const eventLog = kafkaEventLog({ brokers, clientId: 'home-hub', logger: silent });
  starting.defer(() => eventLog.close());
  const wire = await openWireFormat({ registryUrl, products: dataProducts });
  const url = await app.getUrl();
  const started = starting.move();
  return {
    url,
    metrics: app.get<Registry>(METRICS),
    keys,
    eventLog,
    wire,
    hub: home({ publisher: eventLog.publisher(), wire, keys }),
    stop: () => started.disposeAsync(),
  };
}
