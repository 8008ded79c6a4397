// Fills topics with rows, in a process of its own. It is not measured.
import { keyVault } from '@samspill/contracts';
import {
  ensureTopics,
  kafkaEventLog,
  type EventLog,
  type OutgoingEvent,
} from '@samspill/event-log';
import { httpKeyClient } from '@samspill/privacy';
import { applySchemas, openWireFormat } from '@samspill/schema-registry';
import { until } from '@samspill/testing';
import { Kafka, logLevel } from 'kafkajs';
import { givenSetting, serveOrders } from '../programs/serve-orders.ts';
import { DataKeys } from './data-keys.ts';
import type { Load, LoaderOrders, LoaderSetting } from './loading.ts';
import type { MeasurementRow } from './measurement-row.ts';
import { Places, type PlacedRow } from './place-rows.ts';
import { rowMessages } from './row-messages.ts';
import { clearRowEvent, sealedRowEvent } from './row-event.ts';
import {
  clearRows,
  partitions,
  sealedRows,
  type ClearRows,
  type SealedRows,
} from './row-product.ts';

const setting = givenSetting() as LoaderSetting;
const { kafkaBrokers: brokers, schemaRegistryUrl: registryUrl } = setting;
const batchRows = 5_000;
const grantsWithinMs = 600_000;

/** Sends rows in order, and resolves when they are acknowledged. */
interface Sender {
  send(rows: readonly PlacedRow[]): Promise<unknown>;
  close(): Promise<void>;
}

const orders: LoaderOrders = {
  load: async (load) => {
    const { topic, rows, patients } = load;
    await ensureTopics(brokers, [{ topic, partitions }]);
    const eventLog = kafkaEventLog({ brokers, clientId: 'bench-loader' });
    try {
      const places = new Places(rows, patients);
      const sender = await senderOf(load, eventLog);
      for (let from = 0; from < rows; from += batchRows) {
        const length = Math.min(batchRows, rows - from);
        await sender.send(Array.from({ length }, (_, index) => places.place(from + index)));
      }
      await sender.close();
      return { ...load, ...places.checked(await eventLog.ranges(topic)) };
    } finally {
      await eventLog.close();
    }
  },
  end: () => Promise.resolve(),
};
serveOrders(orders);

function senderOf(load: Load, eventLog: EventLog): Promise<Sender> {
  const { topic, form, patients } = load;
  switch (form) {
    case 'clear':
      return clearSender(eventLog, clearRows(topic));
    case 'sealed':
      return sealedSender(eventLog, sealedRows(topic), patients);
    case 'timestamptz':
    case 'bigint':
      return flatSender(load);
  }
}

/** Our own publisher. */
function eventSender(eventLog: EventLog, eventOf: (row: MeasurementRow) => OutgoingEvent): Sender {
  const publisher = eventLog.publisher();
  return {
    send: (rows) => publisher.publish(rows.map(({ row }) => eventOf(row))),
    close: () => publisher.close(),
  };
}

async function wireOf(product: ClearRows | SealedRows) {
  await applySchemas({ registryUrl, products: [product] });
  return openWireFormat({ registryUrl, products: [product, keyVault] });
}

async function clearSender(eventLog: EventLog, product: ClearRows): Promise<Sender> {
  const wire = await wireOf(product);
  return eventSender(eventLog, (row) => clearRowEvent(wire, product, row));
}

async function sealedSender(
  eventLog: EventLog,
  product: SealedRows,
  patients: number,
): Promise<Sender> {
  const wire = await wireOf(product);
  const url = setting.keyVaultUrl ?? '';
  const keys = new DataKeys(product.name, (clientId) => httpKeyClient({ url, clientId }));
  await keys.grantAll(patients);
  await grantsStated(eventLog, patients);
  return eventSender(eventLog, (row) => sealedRowEvent(wire, product, row, keys.of(row.patient)));
}

/** Waits until the key vault has stated every grant on the log, which it does after it has given the keys. */
async function grantsStated(eventLog: EventLog, patients: number): Promise<void> {
  const stated = async (): Promise<number> =>
    (await eventLog.ranges(keyVault.topic)).reduce((sum, { end }) => sum + end, 0);
  await until('grants stated', grantsWithinMs, stated, (count) => count >= patients);
}

/** Plain kafkajs, as any producer would; one call takes all partitions, which is safe while nothing fails. */
async function flatSender(load: Load): Promise<Sender> {
  const { topic } = load;
  const messageOf = await rowMessages({ ...setting, ...load });
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.ERROR });
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  return {
    send: (rows) =>
      producer.send({
        topic,
        acks: -1,
        messages: rows.map(({ row, offset }) => messageOf(row, offset)),
      }),
    close: () => producer.disconnect(),
  };
}
