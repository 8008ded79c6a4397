import { SamspillError } from '@samspill/kernel';
import kafkajs, { type Admin } from 'kafkajs';
import { everyTopic, type TopicSettings } from './ensure-topics.ts';
import { kafkaClient } from './kafka-client.ts';
import { silentLogger } from './kafkajs-log.ts';

/** A topic that is not as the release step makes it. */
export interface TopicDifference {
  readonly topic: string;
  /** `partitions`, or a name of Kafka's topic configuration; undefined: the topic is missing. */
  readonly setting: string | undefined;
  readonly wanted: string;
  readonly found: string;
}

/** Compares topics with what `ensureTopics` would make of them; changes nothing. Rejects with EVENT_LOG_UNAVAILABLE. */
export async function topicDifferences(
  brokers: readonly string[],
  topics: readonly TopicSettings[],
): Promise<TopicDifference[]> {
  const admin = kafkaClient({ brokers, clientId: 'samspill-look' }, silentLogger).admin();
  try {
    await admin.connect();
    const existing = new Set(await admin.listTopics());
    const there = topics.filter(({ topic }) => existing.has(topic));
    const found = there.length === 0 ? new Map<string, Settings>() : await settingsOf(admin, there);
    return topics.flatMap((wanted) => differencesOf(wanted, found.get(wanted.topic)));
  } catch (cause) {
    throw new SamspillError('EVENT_LOG_UNAVAILABLE', { place: brokers.join(', '), cause });
  } finally {
    await admin.disconnect();
  }
}

type Settings = ReadonlyMap<string, string>;

/** Partition count and configuration of each topic. */
async function settingsOf(
  admin: Admin,
  topics: readonly TopicSettings[],
): Promise<Map<string, Settings>> {
  const names = topics.map(({ topic }) => topic);
  const metadata = await admin.fetchTopicMetadata({ topics: names });
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
  });
  return new Map(
    metadata.topics.map(({ name, partitions }) => {
      const config = resources.find(({ resourceName }) => resourceName === name);
      const entries = (config?.configEntries ?? []).map(
        ({ configName, configValue }) => [configName, configValue] as const,
      );
      return [name, new Map([['partitions', String(partitions.length)], ...entries])];
    }),
  );
}

function differencesOf(
  { topic, partitions, config }: TopicSettings,
  found: Settings | undefined,
): TopicDifference[] {
  if (found === undefined) {
    return [{ topic, setting: undefined, wanted: 'the topic', found: 'nothing' }];
  }
  const wanted = { partitions: String(partitions), ...everyTopic, ...config };
  return Object.entries(wanted)
    .map(([setting, value]) => ({
      ...{ topic, setting, wanted: value },
      found: found.get(setting) ?? 'nothing',
    }))
    .filter((one) => one.found !== one.wanted);
}
