import { randomBytes } from 'node:crypto';
import { measurements } from '@samspill/contracts';
import { kafkaEventLog } from '@samspill/event-log';
import { isPseudonym, uuidV8 } from '@samspill/kernel';
import { findRunningStack } from '@samspill/local-stack';
import { readTopic } from '../event-log/read-topic.ts';

const nothing = (): void => undefined;
const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Puts a record that nobody can read behind the others of each patient in the log of a mesh that runs. */
export async function spoilAll(dataDir: string): Promise<void> {
  const brokers = (await findRunningStack(dataDir))?.kafkaBrokers ?? [];
  const log = kafkaEventLog({ brokers, clientId: 'samspill-spec', logger });
  const { topic } = measurements;
  const ranges = await log.ranges(topic);
  const patients = new Set<string>();
  await readTopic(log, {
    topic,
    from: new Map(ranges.map(({ partition, start }) => [partition, start])),
    untilEnd: true,
    signal: new AbortController().signal,
    take: (records) => {
      for (const { key = '' } of records) patients.add(key);
      return Promise.resolve('more');
    },
    onAway: nothing,
  });
  const publisher = log.publisher();
  await publisher.publish(
    [...patients].filter(isPseudonym).map((key) => ({
      ...{ topic, key, id: uuidV8(randomBytes(16)), type: 'nothing' },
      source: 'urn:samspill:310000019:nobody',
      value: Buffer.from('no wire format'),
    })),
  );
  await publisher.close();
  await log.close();
}
