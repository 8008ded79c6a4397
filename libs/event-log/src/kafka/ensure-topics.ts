import { SamspillError, backOffMs, pause } from '@samspill/kernel';
import type { Admin, ITopicMetadata } from 'kafkajs';
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
export const everyTopic = { 'cleanup.policy': 'delete', 'retention.ms': '-1' };

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
      // kafkajs gives up at once when a broker has not yet heard of the topic, so we wait ourselves.
      waitForLeaders: false,
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
    const found = await withLeaders(
      admin,
      topics.map(({ topic }) => topic),
    );
    for (const { topic, partitions } of topics) {
      const actual = found.find(({ name }) => name === topic)?.partitions.length;
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

/** About half a minute altogether; a busy machine needs a few seconds. */
const waits = { attempts: 40, backOff: { minMs: 50, maxMs: 1_000 } };

/** The metadata of the topics once each partition has a leader that knows it: metadata names one a little earlier. */
async function withLeaders(admin: Admin, topics: string[]): Promise<ITopicMetadata[]> {
  const never = new AbortController().signal;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const found = await admin.fetchTopicMetadata({ topics });
      const partitions = found.topics.flatMap((topic) => topic.partitions);
      if (partitions.some(({ leader }) => leader < 0)) throw new Error('a partition has no leader');
      for (const topic of topics) await admin.fetchTopicOffsets(topic);
      return found.topics;
    } catch (error) {
      if (attempt >= waits.attempts) throw error;
    }
    await pause(backOffMs(attempt, waits.backOff), never);
  }
}
