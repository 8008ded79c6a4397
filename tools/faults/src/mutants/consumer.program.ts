// A consumer in a process of its own. Its owner may hold it at one of the five points, and lets it go on or ends it there.
import { dataProducts } from '@samspill/contracts';
import { kafkaEventLog } from '@samspill/event-log';
import { measurementProjection } from '@samspill/observations';
import { httpKeyClient } from '@samspill/privacy';
import { createPool, materialiser } from '@samspill/read-model';
import { openWireFormat } from '@samspill/schema-registry';
import { pino } from 'pino';
import { consumerSettings, type ConsumerSettings, type ToConsumer } from './consumer-messages.ts';

const settings = JSON.parse(process.env[consumerSettings] ?? '') as ConsumerSettings;
const { brokers, schema, consumer, sessionTimeoutMs } = settings;
const logger = pino({ level: 'info' });
let { hold } = settings;
let going = Promise.withResolvers<undefined>();

process.on('message', (message: ToConsumer) => {
  if (message.kind === 'hold') hold = message.hold;
  else going.resolve(undefined);
});
// Without its owner there is nobody to let it go on.
process.on('disconnect', () => process.exit(1));

const eventLog = kafkaEventLog({
  brokers,
  clientId: consumer,
  logger,
  subscribe: {
    sessionTimeoutMs,
    heartbeatIntervalMs: 300,
    rebalanceTimeoutMs: Math.max(3_000, sessionTimeoutMs),
  },
});
const running = await materialiser({
  eventLog,
  wire: await openWireFormat({ registryUrl: settings.registryUrl, products: dataProducts }),
  keys: httpKeyClient({ url: settings.keyVaultUrl, clientId: consumer }),
  pool: createPool(settings.databaseUrl, {
    schema,
    applicationName: consumer,
    // A consumer that is held within its transaction is to come back with it: fencing alone stops it then.
    idleInTransactionMs: 60_000,
  }),
  schema,
  consumer,
  projection: measurementProjection,
  logger,
  probe: async (point, batch) => {
    if (hold?.point !== point || hold.topic !== batch.topic) return;
    hold = undefined;
    going = Promise.withResolvers<undefined>();
    process.send?.({ kind: 'held' });
    await going.promise;
  },
}).start();
process.send?.({ kind: 'started' });
process.on('SIGTERM', () => {
  // It leaves once its batch is done.
  hold = undefined;
  going.resolve(undefined);
  void running.close().then(() => process.exit(0));
});
await running.ended;
