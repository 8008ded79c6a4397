// A materialiser in a process of its own that kills itself, as SIGKILL would, the nth time it comes to a point, and that
// ends in good order on SIGTERM.
import { dataProducts } from '@samspill/contracts';
import { kafkaEventLog } from '@samspill/event-log';
import { httpKeyClient } from '@samspill/privacy';
import { createPool, materialiser, migrate } from '@samspill/read-model';
import { measurementProjection, observationMigrations } from '@samspill/observations';
import { openWireFormat } from '@samspill/schema-registry';
import { pino } from 'pino';
import type { CrashSetting } from './crash-setting.ts';

const setting = JSON.parse(process.env['CRASH_SETTING'] ?? '') as CrashSetting;
const { schema, crashAt, sessionTimeoutMs = 1_500 } = setting;

const logger = pino({ level: 'warn' });
const pool = createPool(setting.databaseUrl, { schema, applicationName: 'crash-test' });
await migrate(pool, { schema, folder: observationMigrations });
const eventLog = kafkaEventLog({
  brokers: setting.brokers,
  clientId: 'emergency-ward',
  logger,
  subscribe: {
    sessionTimeoutMs,
    heartbeatIntervalMs: 300,
    rebalanceTimeoutMs: Math.max(2_000, sessionTimeoutMs),
  },
});

let left = crashAt?.times ?? 0;
const running = await materialiser({
  eventLog,
  wire: await openWireFormat({ registryUrl: setting.registryUrl, products: dataProducts }),
  keys: httpKeyClient({ url: setting.keyVaultUrl, clientId: 'emergency-ward' }),
  pool,
  schema,
  consumer: 'emergency-ward',
  projection: { ...measurementProjection, name: setting.projection },
  logger,
  probe: (point) => {
    if (point !== crashAt?.point) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  },
}).start();
process.once('SIGTERM', () => void running.close());
await running.ended;
await eventLog.close();
await pool.end();
