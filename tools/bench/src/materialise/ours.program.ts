// Our materialiser as an app runs it, in a process of its own that the harness arms, lets go and arms again.
import { keyVault, subscriptions } from '@samspill/contracts';
import { kafkaEventLog, type EventLog } from '@samspill/event-log';
import { httpKeyClient } from '@samspill/privacy';
import { createPool, materialiser, migrate, type RunningMaterialiser } from '@samspill/read-model';
import { openWireFormat } from '@samspill/schema-registry';
import { materialiserTelemetry } from '@samspill/service';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { givenSetting, serveOrders } from '../programs/serve-orders.ts';
import { clearProjection, rowMigrations, sealedProjection } from '../rows/row-projection.ts';
import { heldLog, type Hold } from './held-log.ts';
import type { OursOrders, OursSetting } from './ours-orders.ts';

const setting = givenSetting() as OursSetting;
const { topic, form } = setting;
// The key vault gives keys to those who subscribe to the product.
const { consumer } = subscriptions['emergency-ward'];
const logger = pino({ level: 'info' });
const projection = form === 'sealed' ? sealedProjection(topic) : clearProjection(topic);
const eventLog = kafkaEventLog({ brokers: setting.kafkaBrokers, clientId: consumer, logger });
const wire = await openWireFormat({
  registryUrl: setting.schemaRegistryUrl,
  products: [projection.product, keyVault],
});
const keys = httpKeyClient({ url: setting.keyVaultUrl, clientId: consumer });
const telemetry = materialiserTelemetry(new Registry())(projection);

interface Following {
  readonly running: RunningMaterialiser;
  readonly pool: Pool;
}
let following: Following | undefined;
let letGo = (): void => undefined;

/** Joins the group of a schema. `from`: the event log as this materialiser sees it. */
async function follow(schema: string, from: EventLog): Promise<RunningMaterialiser> {
  const pool = createPool(setting.databaseUrl, { schema, applicationName: consumer });
  await migrate(pool, { schema, folder: rowMigrations });
  const running = await materialiser({
    ...{ wire, keys, pool, schema, consumer, projection, logger, ...telemetry },
    eventLog: from,
  }).start();
  // A consumer that died has nothing to tell: its harness learns it by the end of the process.
  running.ended.catch((error: unknown) => {
    logger.fatal({ err: error }, 'died');
    process.exit(1);
  });
  following = { running, pool };
  return running;
}

const orders: OursOrders = {
  arm: async ({ schema }) => {
    const go = Promise.withResolvers<undefined>();
    const armed = Promise.withResolvers<undefined>();
    let running: RunningMaterialiser | undefined = undefined;
    const hold: Hold = {
      topic,
      isReady: async () => {
        const lag = await running?.lag();
        return lag?.every((one) => one.topic === topic || one.records === 0) ?? false;
      },
      onArmed: () => armed.resolve(undefined),
      go: go.promise,
    };
    running = await follow(schema, heldLog(eventLog, hold));
    await armed.promise;
    letGo = () => go.resolve(undefined);
  },
  go: () => {
    letGo();
    return Promise.resolve();
  },
  follow: async ({ schema }) => {
    await follow(schema, eventLog);
  },
  disarm: async () => {
    await following?.running.close();
    await following?.pool.end();
    following = undefined;
  },
  end: async () => {
    await following?.running.close();
    await eventLog.close();
  },
};
serveOrders(orders);
