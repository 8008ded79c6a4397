import { keyVault, subscriptions } from '@samspill/contracts';
import { kafkaEventLog } from '@samspill/event-log';
import { httpKeyClient } from '@samspill/privacy';
import { openWireFormat } from '@samspill/schema-registry';
import type { Loaded } from '../rows/loading.ts';
import { rowAt } from '../rows/measurement-row.ts';
import { sealedRowEvent } from '../rows/row-event.ts';
import { sealedRows } from '../rows/row-product.ts';
import type { BenchServers } from '../servers/start-servers.ts';

/** Appends so many sealed rows to a topic that was loaded; answers with what it holds now, the last rows being these. */
export async function appendRows(
  { stack, keyVaultUrl }: Pick<BenchServers, 'stack' | 'keyVaultUrl'>,
  loaded: Loaded,
  count: number,
): Promise<Loaded> {
  const product = sealedRows(loaded.topic);
  const wire = await openWireFormat({
    registryUrl: stack.schemaRegistryUrl,
    products: [product, keyVault],
  });
  const keys = httpKeyClient({
    url: keyVaultUrl,
    clientId: subscriptions.measurements.consumer,
  });
  const rows = Array.from({ length: count }, (_, index) =>
    rowAt(loaded.rows + index, loaded.patients),
  );
  const dataKeys = await keys.sealingKeys(
    product.name,
    rows.map(({ patient }) => patient),
  );
  const eventLog = kafkaEventLog({ brokers: stack.kafkaBrokers, clientId: 'bench-appender' });
  try {
    await eventLog.publisher().publish(
      rows.map((row, index) => {
        const key = dataKeys[index];
        if (key === undefined) throw new Error('the key vault gave no key');
        return sealedRowEvent(wire, product, row, key);
      }),
    );
  } finally {
    await eventLog.close();
  }
  return { ...loaded, rows: loaded.rows + count, lastIds: rows.map(({ eventId }) => eventId) };
}
