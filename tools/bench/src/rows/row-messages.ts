import { keyVault } from '@samspill/contracts';
import { partitionOf, toKafkaMessage } from '@samspill/event-log';
import { httpKeyClient } from '@samspill/privacy';
import { httpSchemaRegistry, openWireFormat } from '@samspill/schema-registry';
import type { Message } from 'kafkajs';
import { DataKeys } from './data-keys.ts';
import { flatSchema, flatValue } from './flat-row.ts';
import type { LoaderSetting, RowForm } from './loading.ts';
import type { MeasurementRow } from './measurement-row.ts';
import { clearRowEvent, sealedRowEvent } from './row-event.ts';
import { clearRows, partitions, sealedRows } from './row-product.ts';

/** A row as a Kafka record of a topic that was loaded in this form, with its partition. */
export type MessageOf = (row: MeasurementRow, offset: number) => Message;

export interface RowMessages extends LoaderSetting {
  readonly topic: string;
  readonly form: RowForm;
  readonly patients: number;
}

/** Makes the records that another producer than ours sends: the very bytes that ours would send. */
export async function rowMessages({
  topic,
  form,
  patients,
  ...servers
}: RowMessages): Promise<MessageOf> {
  const { schemaRegistryUrl: registryUrl, keyVaultUrl: url = '' } = servers;
  const lane = ({ patient }: MeasurementRow): number => partitionOf(patient, partitions);
  if (form === 'clear') {
    const product = clearRows(topic);
    const wire = await openWireFormat({ registryUrl, products: [product, keyVault] });
    return (row) => toKafkaMessage(clearRowEvent(wire, product, row), lane(row));
  }
  if (form === 'sealed') {
    const product = sealedRows(topic);
    const wire = await openWireFormat({ registryUrl, products: [product, keyVault] });
    const keys = new DataKeys(product.name, (clientId) => httpKeyClient({ url, clientId }));
    await keys.grantAll(patients);
    return (row) =>
      toKafkaMessage(sealedRowEvent(wire, product, row, keys.of(row.patient)), lane(row));
  }
  const schemaId = await httpSchemaRegistry(registryUrl).register(
    `${topic}-value`,
    flatSchema(form),
  );
  return (row, offset) => ({
    key: row.patient,
    value: flatValue(schemaId, row, offset),
    partition: lane(row),
  });
}
