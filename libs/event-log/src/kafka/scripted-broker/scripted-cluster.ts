import { EventEmitter, once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ScriptedPartition } from './scripted-partition.ts';
import {
  api,
  apiVersionsResponse,
  encoder,
  initProducerIdResponse,
  produceResponse,
  readProduce,
  responseFrame,
  takeRequests,
  type Encoder,
  type ProducedPartition,
  type Request,
  type SentPartition,
} from './wire.ts';

export const errorCodes = { unknownTopic: 3, notLeader: 6, invalidProducerEpoch: 47 } as const;

/** What becomes of one produce request. */
export interface Fate {
  /** `never`: written, and the answer is lost. `without the records`: an answer that names no partition. */
  readonly answer?: 'never' | 'without the records';
  /** Not written, and answered with this code. */
  readonly errorCode?: number;
  /** The answer waits for it. */
  readonly until?: Promise<unknown>;
}

/**
 * Test support: brokers on loopback that speak just enough Kafka for a producer and fail by script, since a real broker
 * does not lose an answer when it is told to. Sequences are checked as Kafka checks them.
 */
export class ScriptedCluster {
  readonly #servers = new Map<number, Server>();
  readonly #sockets = new Set<Socket>();
  readonly #fates = new Map<number, Fate[]>();
  readonly #received = new Map<number, number>();
  readonly #events = new EventEmitter();
  readonly #partitions: readonly ScriptedPartition[];
  readonly #leaders: number[];
  /** How many producer ids were given out. */
  producerIds = 0;

  private constructor(
    readonly topic: string,
    leaders: readonly number[],
  ) {
    this.#leaders = [...leaders];
    this.#partitions = leaders.map(() => new ScriptedPartition());
  }

  /** One topic, whose partitions are led by the given nodes; a broker for each node. */
  static async start(topic: string, leaders: readonly number[]): Promise<ScriptedCluster> {
    const cluster = new ScriptedCluster(topic, leaders);
    for (const node of new Set(leaders)) await cluster.#listen(node);
    return cluster;
  }

  get brokers(): string[] {
    return [...this.#servers.values()].map((server) => `127.0.0.1:${portOf(server)}`);
  }

  brokerOf(node: number): string {
    const server = this.#servers.get(node);
    return server === undefined ? '' : `127.0.0.1:${portOf(server)}`;
  }

  /** The values in the log of a partition, in order. */
  log(partition: number): readonly string[] {
    return this.#partitions[partition]?.log ?? [];
  }

  /** How many records each batch in the log of a partition has, in order. */
  batchSizes(partition: number): readonly number[] {
    return this.#partitions[partition]?.batchSizes ?? [];
  }

  /** The next produce requests to the node meet these fates; those after them are served well. */
  script(node: number, ...fates: Fate[]): void {
    this.#fates.set(node, fates);
  }

  moveLeader(partition: number, node: number): void {
    this.#leaders[partition] = node;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** How many produce requests the node has received. */
  requests(node: number): number {
    return this.#received.get(node) ?? 0;
  }

  /** Resolves once the node has received so many produce requests. */
  async received(node: number, requests: number): Promise<void> {
    while (this.requests(node) < requests) await once(this.#events, 'produce');
  }

  async stop(): Promise<void> {
    const closed = [...this.#servers.values()].map(
      (server) => new Promise((resolve) => server.close(resolve)),
    );
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  async #listen(node: number): Promise<void> {
    const server = createServer((socket) => this.#serve(node, socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#servers.set(node, server);
  }

  #serve(node: number, socket: Socket): void {
    this.#sockets.add(socket);
    // A client that goes away in the midst of a request is part of the tests.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    let received = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      const { requests, rest } = takeRequests(Buffer.concat([received, bytes]));
      received = Buffer.from(rest);
      for (const request of requests) {
        void this.#answer(node, request).then((body) => {
          if (body !== undefined) socket.write(responseFrame(request.correlationId, body));
        });
      }
    });
  }

  async #answer(node: number, { apiKey, body }: Request): Promise<Encoder | undefined> {
    if (apiKey === api.apiVersions) return apiVersionsResponse();
    if (apiKey === api.metadata) return this.#metadata(body.readArray((d) => d.readString() ?? ''));
    if (apiKey === api.initProducerId) return initProducerIdResponse((this.producerIds += 1));
    return this.#produce(node, await readProduce(body));
  }

  async #produce(node: number, sent: SentPartition[]): Promise<Encoder | undefined> {
    const fate = this.#fates.get(node)?.shift() ?? {};
    const produced = sent.map((batch) => this.#append(node, batch, fate));
    this.#received.set(node, this.requests(node) + 1);
    this.#events.emit('produce');
    await fate.until;
    if (fate.answer === 'never') return undefined;
    return produceResponse(fate.answer === 'without the records' ? [] : produced);
  }

  #append(node: number, batch: SentPartition, fate: Fate): ProducedPartition {
    const { topic, partition } = batch;
    const refused = (errorCode: number) => ({ topic, partition, errorCode, baseOffset: -1 });
    if (fate.errorCode !== undefined) return refused(fate.errorCode);
    if (this.#leaders[partition] !== node) return refused(errorCodes.notLeader);
    const appended = this.#partitions[partition]?.append(batch) ?? errorCodes.unknownTopic;
    if (typeof appended === 'number') return refused(appended);
    return { topic, partition, errorCode: 0, baseOffset: appended.baseOffset };
  }

  /** Metadata v1: [node, host, port, rack], controller, [error, topic, internal, [error, id, leader, replicas, isr]]. */
  #metadata(topics: readonly string[]): Encoder {
    const nodes = [...this.#servers].map(([node, server]) =>
      encoder()
        .writeInt32(node)
        .writeString('127.0.0.1')
        .writeInt32(portOf(server))
        .writeString(null),
    );
    const described = topics.map((topic) => {
      const known = topic === this.topic;
      return encoder()
        .writeInt16(known ? 0 : errorCodes.unknownTopic)
        .writeString(topic)
        .writeBoolean(false)
        .writeArray(known ? this.#leaders.map(describedPartition) : []);
    });
    const [controller = 0] = this.#servers.keys();
    return encoder().writeArray(nodes).writeInt32(controller).writeArray(described);
  }
}

function describedPartition(leader: number, partition: number): Encoder {
  const replicas = [encoder().writeInt32(leader)];
  return encoder()
    .writeInt16(0)
    .writeInt32(partition)
    .writeInt32(leader)
    .writeArray(replicas)
    .writeArray(replicas);
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
