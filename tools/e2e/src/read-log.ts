import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';

export interface RawRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly id: string;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Every record of a topic, read without any of our own reading code. */
export async function readLog(brokers: readonly string[], topic: string): Promise<RawRecord[]> {
  const kafka = new Kafka({
    brokers: [...brokers],
    clientId: 'log-reader',
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const wanted = ends.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  if (wanted === 0) return [];

  const records: RawRecord[] = [];
  const consumer = kafka.consumer({ groupId: `log-reader-${randomUUID()}`, sessionTimeout: 6_000 });
  const complete = Promise.withResolvers<undefined>();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: ({ partition, message }) => {
      const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [
        name,
        String(value),
      ]);
      const named = Object.fromEntries(headers) as Record<string, string>;
      records.push({
        partition,
        offset: Number(message.offset),
        key: message.key?.toString() ?? '',
        id: named['ce_id'] ?? '',
        value: message.value,
        headers: named,
      });
      if (records.length === wanted) complete.resolve(undefined);
      return Promise.resolve();
    },
  });
  await complete.promise;
  await consumer.disconnect();
  return records;
}
