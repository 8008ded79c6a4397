import { dataProducts } from '@samspill/contracts';
import { kafkaEventLog, type EventLog } from '@samspill/event-log';
import { openWireFormat, type WireFormat } from '@samspill/schema-registry';
import { meshAddresses, unknownAddress } from '../mesh-addresses.ts';

/** The event log, and what reads its records. */
export interface OpenedLog {
  readonly log: EventLog;
  readonly wire: WireFormat;
}

/**
 * Works on the event log of the environment, else of the mesh that `samspill up` started, and closes it. It reads and
 * never writes. Rejects with NO_ANSWER where no address is known, else as log and registry do.
 */
export async function withLog<Result>(
  dataDir: string,
  work: (opened: OpenedLog) => Promise<Result>,
): Promise<Result> {
  const { kafkaBrokers: brokers, schemaRegistryUrl } = await meshAddresses(dataDir);
  if (brokers.length === 0) throw unknownAddress('Kafka', 'KAFKA_BROKERS');
  if (schemaRegistryUrl === undefined) {
    throw unknownAddress('the schema registry', 'SCHEMA_REGISTRY_URL');
  }
  const log = kafkaEventLog({ brokers, clientId: 'samspill' });
  try {
    return await work({
      log,
      wire: await openWireFormat({ registryUrl: schemaRegistryUrl, products: dataProducts }),
    });
  } finally {
    await log.close();
  }
}
