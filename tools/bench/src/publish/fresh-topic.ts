import { ensureTopics } from '@samspill/event-log';
import { Kafka, logLevel } from 'kafkajs';
import { partitions } from '../rows/row-product.ts';

let made = 0;

/** Does the work with an empty topic, which is deleted afterwards: what was published would fill the disk. */
export async function withTopic(
  brokers: readonly string[],
  work: (topic: string) => Promise<void>,
): Promise<void> {
  made += 1;
  const topic = `bench.published-${made}`;
  await ensureTopics(brokers, [{ topic, partitions }]);
  try {
    await work(topic);
  } finally {
    const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
  }
}
