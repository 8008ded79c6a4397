import { createRequire } from 'node:module';
import type { Batch, Kafka } from 'kafkajs';
import type { PartitionOfTopic } from '../event-log.ts';
import type { SubscribeTimes } from './subscribe-times.ts';

/** The connections of one client in kafkajs, as far as they are used here. kafkajs does not export them. */
interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  /** Partitions by the node that leads them. */
  findLeaderForPartitions(
    topic: string,
    partitions: readonly number[],
  ): Readonly<Record<string, number[]>>;
  findBroker(of: { readonly nodeId: string }): Promise<Broker>;
}

interface Broker {
  fetch(request: object): Promise<{
    readonly responses: readonly { readonly partitions: readonly object[] }[];
  }>;
}

/** What one fetch brought. kafkajs leaves out of its types what it holds of a fetch that brought no record. */
export interface FetchedBatch extends Batch {
  /** Also those before the offset that was asked for, and control records. */
  readonly rawMessages: readonly unknown[];
  /** True where nothing lies from that offset on, control records included. */
  isEmptyIncludingFiltered(): boolean;
}

const batchClass = createRequire(import.meta.url)('kafkajs/src/consumer/batch.js') as new (
  topic: string,
  fetchedOffset: string,
  partition: object,
) => FetchedBatch;

const readCommitted = 1;

/** Fetches one partition over connections of its own, without a consumer group: nobody is joined and nothing is left. */
export class PartitionFetch {
  readonly #cluster: Cluster;

  constructor(
    client: Kafka,
    private readonly of: PartitionOfTopic,
    private readonly times: SubscribeTimes,
  ) {
    this.#cluster = clusterOf(client);
  }

  async connect(): Promise<void> {
    await this.#cluster.connect();
    await this.#cluster.addTargetTopic(this.of.topic);
  }

  /** What lies from this offset on; waits for it as long as a broker holds a fetch. Rejects as kafkajs does. */
  async fetch(offset: number): Promise<FetchedBatch> {
    const { topic, partition } = this.of;
    await this.#cluster.refreshMetadataIfNecessary();
    const [nodeId = ''] = Object.keys(this.#cluster.findLeaderForPartitions(topic, [partition]));
    const broker = await this.#cluster.findBroker({ nodeId });
    const maxBytes = this.times.fetchBytesPerPartitionMax;
    const fetchOffset = String(offset);
    const { responses } = await broker.fetch({
      maxWaitTime: this.times.fetchWaitMs,
      minBytes: 1,
      maxBytes: this.times.fetchBytesMax,
      isolationLevel: readCommitted,
      topics: [{ topic, partitions: [{ partition, fetchOffset, maxBytes }] }],
      rackId: '',
    });
    const fetched = responses[0]?.partitions[0];
    if (fetched === undefined) throw new Error('the broker answered for another partition');
    return new batchClass(topic, fetchOffset, fetched);
  }

  /** After a failure: another broker may lead the partition now. */
  leaderMoved(): Promise<void> {
    return this.#cluster.refreshMetadata();
  }

  disconnect(): Promise<void> {
    return this.#cluster.disconnect();
  }
}

const metadataMaxAgeMs = 300_000;

/** A client of kafkajs makes its cluster under a symbol that it does not export. */
function clusterOf(client: Kafka): Cluster {
  const symbol = Object.getOwnPropertySymbols(client).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  const make = symbol && (Reflect.get(client, symbol) as (options: object) => Cluster);
  if (make === undefined) throw new TypeError('this kafkajs makes its cluster in another way');
  return make({ metadataMaxAge: metadataMaxAgeMs, allowAutoTopicCreation: false });
}
