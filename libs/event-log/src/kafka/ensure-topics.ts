import { SamspillError } from '@samspill/kernel';
import { kafkaClient } from './kafka-client.ts';
import { silentLogger } from './kafkajs-log.ts';

export interface TopicSettings {
  readonly topic: string;
  readonly partitions: number;
  /** Copies of each partition; 1 unless told, which is right for one broker alone. */
  readonly replicationFactor?: number;
  /** Kafka topic configuration, on top of what every topic here has. */
  readonly config?: Readonly<Record<string, string>>;
}

/** Full history, for ever: read models are rebuilt from it (design D1, D2). */
const everyTopic = { 'cleanup.policy': 'delete', 'retention.ms': '-1' };

/**
 * Creates the topics that are missing; for the release step, since services create none. Answers with the names of the
 * new ones. An existing topic keeps its configuration; with another partition count it rejects with CONFIG_INVALID,
 * because keys would move to other partitions (engine guide 8.3).
 */
export async function ensureTopics(
  brokers: readonly string[],
  topics: readonly TopicSettings[],
): Promise<string[]> {
  const admin = kafkaClient({ brokers, clientId: 'samspill-release' }, silentLogger).admin();
  try {
    await admin.connect();
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter(({ topic }) => !existing.has(topic));
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map(({ topic, partitions, replicationFactor = 1, config = {} }) => ({
        topic,
        numPartitions: partitions,
        replicationFactor,
        configEntries: Object.entries({ ...everyTopic, ...config }).map(([name, value]) => ({
          name,
          value,
        })),
      })),
    });
    const found = await admin.fetchTopicMetadata({ topics: topics.map(({ topic }) => topic) });
    for (const { topic, partitions } of topics) {
      const actual = found.topics.find(({ name }) => name === topic)?.partitions.length;
      if (actual === partitions) continue;
      throw new SamspillError('CONFIG_INVALID', {
        place: `${topic}, which has ${actual ?? 0} partitions and not ${partitions}`,
        mend: 'make a new major version of the topic and replay into it',
      });
    }
    return missing.map(({ topic }) => topic);
  } catch (cause) {
    if (cause instanceof SamspillError) throw cause;
    throw new SamspillError('EVENT_LOG_UNAVAILABLE', { place: brokers.join(', '), cause });
  } finally {
    await admin.disconnect();
  }
}
