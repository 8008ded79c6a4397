// Our materialiser as an app runs it, in a process of its own that the harness arms, lets go and arms again.
import { keyVault, subscriptions } from '@samspill/contracts';
import { kafkaEventLog } from '@samspill/event-log';
import { httpKeyClient } from '@samspill/privacy';
import { createPool, materialiser, migrate, type RunningMaterialiser } from '@samspill/read-model';
import { openWireFormat } from '@samspill/schema-registry';
import { materialiserTelemetry } from '@samspill/service';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { givenSetting, serveOrders } from '../programs/serve-orders.ts';
import { clearProjection, rowMigrations, sealedProjection } from '../rows/row-projection.ts';
import { heldLog } from './held-log.ts';
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

interface Armed {
  readonly running: RunningMaterialiser;
  readonly pool: Pool;
  readonly go: () => void;
}
let armed: Armed | undefined;

const orders: OursOrders = {
  arm: async ({ schema }) => {
    const pool = createPool(setting.databaseUrl, { schema, applicationName: consumer });
    await migrate(pool, { schema, folder: rowMigrations });
    const go = Promise.withResolvers<undefined>();
    const ready = Promise.withResolvers<undefined>();
    let running: RunningMaterialiser | undefined = undefined;
    const isReady = async (): Promise<boolean> => {
      const lag = await running?.lag();
      return lag?.every((one) => one.topic === topic || one.records === 0) ?? false;
    };
    const onArmed = (): void => ready.resolve(undefined);
    const held = heldLog(eventLog, { topic, isReady, onArmed, go: go.promise });
    running = await materialiser({
      ...{ wire, keys, pool, schema, consumer, projection, logger, ...telemetry },
      eventLog: held,
    }).start();
    // A consumer that died has nothing to tell: its harness learns it by the end of the process.
    running.ended.catch((error: unknown) => {
      logger.fatal({ err: error }, 'died');
      process.exit(1);
    });
    await ready.promise;
    armed = { running, pool, go: () => go.resolve(undefined) };
  },
  go: () => Promise.resolve(armed?.go()),
  disarm: async () => {
    await armed?.running.close();
    await armed?.pool.end();
    armed = undefined;
  },
  end: () => eventLog.close(),
};
serveOrders(orders);
