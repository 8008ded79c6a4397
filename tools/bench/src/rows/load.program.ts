// Fills topics with rows, in a process of its own. It is not measured.
import { keyVault } from '@samspill/contracts';
import {
  ensureTopics,
  kafkaEventLog,
  type EventLog,
  type OutgoingEvent,
} from '@samspill/event-log';
import { httpKeyClient } from '@samspill/privacy';
import { applySchemas, httpSchemaRegistry, openWireFormat } from '@samspill/schema-registry';
import { until } from '@samspill/testing';
import { Kafka, logLevel } from 'kafkajs';
import { givenSetting, serveOrders } from '../programs/serve-orders.ts';
import { DataKeys } from './data-keys.ts';
import { flatSchema, flatValue, type TimeForm } from './flat-row.ts';
import type { Load, LoaderOrders, LoaderSetting } from './loading.ts';
import { Places, type PlacedRow } from './place-rows.ts';
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

/** Sends what has gathered, in order, and resolves when it is acknowledged. */
type Send = (rows: readonly PlacedRow[]) => Promise<unknown>;

const orders: LoaderOrders = {
  load: async (load) => {
    await ensureTopics(brokers, [{ topic: load.topic, partitions }]);
    const eventLog = kafkaEventLog({ brokers, clientId: 'bench-loader' });
    try {
      const places = new Places(load.rows, load.patients);
      const send = await senderOf(load, eventLog);
      for (let from = 0; from < load.rows; from += batchRows) {
        const length = Math.min(batchRows, load.rows - from);
        await send(Array.from({ length }, (_, index) => places.place(from + index)));
      }
      return { ...load, ...places.checked(await eventLog.ranges(load.topic)) };
    } finally {
      await eventLog.close();
    }
  },
  end: () => Promise.resolve(),
};
serveOrders(orders);

function senderOf({ topic, form, patients }: Load, eventLog: EventLog): Promise<Send> {
  switch (form) {
    case 'clear':
      return clearSender(eventLog, clearRows(topic));
    case 'sealed':
      return sealedSender(eventLog, sealedRows(topic), patients);
    case 'timestamptz':
    case 'bigint':
      return flatSender(topic, form);
  }
}

const publisherOf = (
  eventLog: EventLog,
  events: (rows: readonly PlacedRow[]) => Promise<OutgoingEvent[]>,
): Send => {
  const publisher = eventLog.publisher();
  return async (rows) => publisher.publish(await events(rows));
};

async function wireOf(product: ClearRows | SealedRows) {
  await applySchemas({ registryUrl, products: [product] });
  return openWireFormat({ registryUrl, products: [product, keyVault] });
}

async function clearSender(eventLog: EventLog, product: ClearRows): Promise<Send> {
  const wire = await wireOf(product);
  return publisherOf(eventLog, (rows) =>
    Promise.resolve(rows.map(({ row }) => clearRowEvent(wire, product, row))),
  );
}

async function sealedSender(
  eventLog: EventLog,
  product: SealedRows,
  patients: number,
): Promise<Send> {
  const wire = await wireOf(product);
  const url = setting.keyVaultUrl ?? '';
  const keys = new DataKeys(product.name, (clientId) => httpKeyClient({ url, clientId }));
  await keys.grantAll(patients);
  await grantsStated(eventLog, patients);
  return publisherOf(eventLog, (rows) =>
    Promise.resolve(
      rows.map(({ row }) => sealedRowEvent(wire, product, row, keys.of(row.patient))),
    ),
  );
}

/** Waits until the key vault has stated every grant on the log, which it does after it has given the keys. */
async function grantsStated(eventLog: EventLog, patients: number): Promise<void> {
  const stated = async (): Promise<number> =>
    (await eventLog.ranges(keyVault.topic)).reduce((sum, { end }) => sum + end, 0);
  await until('grants stated', grantsWithinMs, stated, (count) => count >= patients);
}

/** By plain kafkajs, as any producer would; one call takes all partitions, which is safe while nothing fails. */
async function flatSender(topic: string, form: TimeForm): Promise<Send> {
  const schemaId = await httpSchemaRegistry(registryUrl).register(
    `${topic}-value`,
    flatSchema(form),
  );
  const kafka = new Kafka({
    brokers: [...brokers],
    clientId: 'bench-loader',
    logLevel: logLevel.ERROR,
  });
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  return (rows) =>
    producer.send({
      topic,
      acks: -1,
      messages: rows.map(({ row, partition, offset }) => ({
        key: row.patient,
        value: flatValue(schemaId, row, offset),
        partition,
      })),
    });
}
