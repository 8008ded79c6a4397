import { createRequire } from 'node:module';
import type { SentBatch } from './scripted-partition.ts';

/** Reader of the Kafka protocol, from kafkajs. */
export interface Decoder {
  readInt16(): number;
  readInt32(): number;
  readString(): string | null;
  readBytes(): Buffer;
  readArray<Item>(item: (decoder: Decoder) => Item): Item[];
}

/** Writer of the Kafka protocol, from kafkajs. */
export interface Encoder {
  readonly buffer: Buffer;
  writeInt16(value: number): Encoder;
  writeInt32(value: number): Encoder;
  writeInt64(value: number): Encoder;
  writeBoolean(value: boolean): Encoder;
  writeString(value: string | null): Encoder;
  writeArray(items: Encoder[]): Encoder;
  writeEncoder(encoder: Encoder): Encoder;
}

interface DecodedBatch {
  readonly producerId: string;
  readonly firstSequence: number;
  readonly records: readonly { readonly value: Buffer | null }[];
}

// kafkajs exports neither; the same modules on both ends of the wire are the point here.
const load = createRequire(import.meta.url);
const DecoderClass = load('kafkajs/src/protocol/decoder.js') as new (bytes: Buffer) => Decoder;
const EncoderClass = load('kafkajs/src/protocol/encoder.js') as new () => Encoder;
const decodeRecordBatch = load('kafkajs/src/protocol/recordBatch/v0/decoder.js') as (
  decoder: Decoder,
) => Promise<DecodedBatch>;

export const decoder = (bytes: Buffer): Decoder => new DecoderClass(bytes);
export const encoder = (): Encoder => new EncoderClass();

export const api = { produce: 0, metadata: 3, apiVersions: 18, initProducerId: 22 } as const;

/** The one version of each API that is spoken here: the lowest that has what the tests need. */
const versions = [
  [api.produce, 7],
  [api.metadata, 1],
  [api.apiVersions, 2],
  [api.initProducerId, 0],
] as const;

export interface Request {
  readonly apiKey: number;
  readonly correlationId: number;
  readonly body: Decoder;
}

/** Takes whole requests off the front of what a socket has received; answers with the rest too. */
export function takeRequests(received: Buffer): { requests: Request[]; rest: Buffer } {
  const requests: Request[] = [];
  let rest = received;
  while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
    const end = 4 + rest.readInt32BE(0);
    const body = decoder(Buffer.from(rest.subarray(4, end)));
    const apiKey = body.readInt16();
    body.readInt16(); // version
    const correlationId = body.readInt32();
    body.readString(); // client id
    requests.push({ apiKey, correlationId, body });
    rest = rest.subarray(end);
  }
  return { requests, rest };
}

export function responseFrame(correlationId: number, body: Encoder): Buffer {
  const payload = encoder().writeInt32(correlationId).writeEncoder(body).buffer;
  return Buffer.concat([encoder().writeInt32(payload.length).buffer, payload]);
}

/** ApiVersions v2: error, [key, lowest, highest], throttle. */
export const apiVersionsResponse = (): Encoder =>
  encoder()
    .writeInt16(0)
    .writeArray(
      versions.map(([key, version]) =>
        encoder().writeInt16(key).writeInt16(version).writeInt16(version),
      ),
    )
    .writeInt32(0);

/** InitProducerId v0: throttle, error, producer id, epoch. */
export const initProducerIdResponse = (producerId: number): Encoder =>
  encoder().writeInt32(0).writeInt16(0).writeInt64(producerId).writeInt16(0);

export interface SentPartition extends SentBatch {
  readonly topic: string;
  readonly partition: number;
}

/** Produce v7: transactional id, acks, timeout, [topic, [partition, record batch]]. */
export async function readProduce(body: Decoder): Promise<SentPartition[]> {
  body.readString();
  body.readInt16();
  body.readInt32();
  const sent = body.readArray((topics) => {
    const topic = topics.readString() ?? '';
    return topics.readArray((partitions) => ({
      topic,
      partition: partitions.readInt32(),
      bytes: partitions.readBytes(),
    }));
  });
  return Promise.all(
    sent.flat().map(async ({ topic, partition, bytes }) => {
      const { producerId, firstSequence, records } = await decodeRecordBatch(decoder(bytes));
      const values = records.map(({ value }) => value?.toString() ?? '');
      return { topic, partition, producerId, firstSequence, values };
    }),
  );
}

export interface ProducedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly baseOffset: number;
}

/** Produce v7: [topic, [partition, error, base offset, append time, log start]], throttle. */
export const produceResponse = (produced: readonly ProducedPartition[]): Encoder =>
  encoder()
    .writeArray(
      produced.map(({ topic, partition, errorCode, baseOffset }) =>
        encoder()
          .writeString(topic)
          .writeArray([
            encoder()
              .writeInt32(partition)
              .writeInt16(errorCode)
              .writeInt64(baseOffset)
              .writeInt64(-1)
              .writeInt64(0),
          ]),
      ),
    )
    .writeInt32(0);
