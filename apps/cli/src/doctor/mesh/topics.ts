import { dataProducts } from '@samspill/contracts';
import { topicDifferences, type TopicDifference, type TopicSettings } from '@samspill/event-log';
import { ok, problem, type Check, type Finding, type Surroundings } from '../check.ts';

/** The topics of the data products are there, as the release step makes them. */
export const topicsCheck = (
  { addresses: { kafkaBrokers } }: Pick<Surroundings, 'addresses'>,
  topics: readonly TopicSettings[] = dataProducts,
): Check => ({
  name: 'topics',
  group: 'mesh',
  needs: ['kafka'],
  look: async () => {
    const differences = await topicDifferences(kafkaBrokers, topics);
    if (differences.length === 0) return [ok(`${topics.length} as schemas/ says`)];
    return differences.map((one) => findingOf(one, kafkaBrokers));
  },
});

function findingOf(
  { topic, setting, wanted, found }: TopicDifference,
  brokers: readonly string[],
): Finding {
  if (setting === undefined) return problem(`${topic} is missing`, 'samspill schemas apply');
  const what = `${topic} has ${setting} ${found}, and not ${wanted}`;
  if (setting === 'partitions') {
    return problem(what, 'raise topic.major of the product and replay into the new topic');
  }
  const at = `--bootstrap-server ${brokers.join(',')} --entity-type topics --entity-name ${topic}`;
  return problem(what, `kafka-configs.sh ${at} --alter --add-config ${setting}=${wanted}`);
}
