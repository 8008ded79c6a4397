import { groupOf } from '@samspill/read-model';
import type { Registry } from 'prom-client';
import { askedGauges } from '../asked-gauges.ts';
import type { LagWatch, PartitionStanding } from './lag-watch.ts';
import type { Operations } from './operations.ts';

const ofGroup = ['consumergroup', 'topic', 'partition', 'state'] as const;

/**
 * How far each version of the read models is behind, under the names of kafka_exporter and kafka-lag-exporter. Kafka's
 * committed offsets are not asked: what counts is the checkpoint in the database. Each instance tells of all partitions.
 */
export function observeLag(
  registry: Registry,
  { service }: Pick<Operations, 'service'>,
  look: LagWatch['look'],
): void {
  const gauge = askedGauges(registry, look);
  const labelsOf = ({ projection, version, topic, partition, state }: PartitionStanding) => ({
    consumergroup: groupOf(service, projection, version),
    ...{ topic, partition, state },
  });
  const perPartition = (
    name: string,
    help: string,
    valueOf: (standing: PartitionStanding) => number,
  ): void =>
    gauge({
      ...{ name, help, labels: ofGroup },
      fill: (of, standings) => {
        for (const standing of standings) of.set(labelsOf(standing), valueOf(standing));
      },
    });

  perPartition(
    'kafka_consumergroup_lag',
    "Records between the read model's own checkpoint in the database and the end of the log, of the version that readers see (live) or of one beside it; NaN while the log does not answer.",
    ({ records }) => records ?? NaN,
  );
  perPartition(
    'kafka_consumergroup_group_lag_seconds',
    "Age of the first record above the read model's own checkpoint, at most; NaN while it is not known, as for what was written before this process looked.",
    ({ behindSeconds }) => behindSeconds ?? NaN,
  );
  perPartition(
    'kafka_consumergroup_current_offset',
    "The read model's own checkpoint in the database: the offset of the first record that is not applied.",
    ({ next }) => next,
  );
  gauge({
    name: 'kafka_topic_partition_current_offset',
    help: 'End of the log: the offset that the next record gets.',
    labels: ['topic', 'partition'],
    fill: (of, standings) => {
      for (const { topic, partition, end } of standings) {
        if (end !== null) of.set({ topic, partition }, end);
      }
    },
  });
}
