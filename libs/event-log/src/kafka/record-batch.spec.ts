import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageInPlace } from './message-in-place.ts';
import { readRecordBatches } from './record-batch.ts';

interface Encoder {
  readonly buffer: Buffer;
}

/** As kafkajs reads a record. */
interface Message {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, Buffer | Buffer[] | undefined>;
  readonly isControlRecord: boolean;
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
}

// kafkajs exports neither its writer nor its reader; what one has written and the other reads is the measure here.
const load = createRequire(import.meta.url);
const { RecordBatch: encodeBatch } = load('kafkajs/src/protocol/recordBatch/v0/index.js') as {
  RecordBatch: (batch: object) => Promise<Encoder>;
};
const encodeRecord = load('kafkajs/src/protocol/recordBatch/record/v0/index.js') as (
  record: object,
) => Encoder;
const Decoder = load('kafkajs/src/protocol/decoder.js') as new (bytes: Buffer) => object;
const decodeMessages = load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js') as (
  decoder: object,
) => Promise<Message[]>;

const text = fc.string({ maxLength: 40, unit: 'grapheme' });
const records = fc.array(
  fc.record({
    key: fc.option(text),
    value: fc.option(fc.uint8Array({ maxLength: 300 }).map((one) => Buffer.from(one))),
    timestampDelta: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
    headers: fc.dictionary(
      fc.constantFrom('ce_id', 'ce_type', 'ce_source', 'ce_idx', 'content-type', ''),
      fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })),
    ),
  }),
  { minLength: 1, maxLength: 20 },
);
const batches = fc.array(
  fc.record({
    firstOffset: fc.integer({ min: 0, max: 2 ** 50 }),
    firstTimestamp: fc.integer({ min: 0, max: 2 ** 45 }),
    maxTimestamp: fc.integer({ min: 0, max: 2 ** 45 }),
    compression: fc.constantFrom(0, 1),
    transactional: fc.boolean(),
    producerId: fc.integer({ min: -1, max: 2 ** 50 }),
    records,
  }),
  { maxLength: 4 },
);
type Batches = typeof batches extends fc.Arbitrary<infer Value> ? Value : never;

/** A part a batch. */
async function parts(given: Batches): Promise<Buffer[]> {
  const encoded = await Promise.all(
    given.map((batch) =>
      encodeBatch({
        ...batch,
        records: batch.records.map((record, offsetDelta) =>
          encodeRecord({ ...record, offsetDelta }),
        ),
      }),
    ),
  );
  return encoded.map(({ buffer }) => buffer);
}

const written = async (given: Batches): Promise<Buffer> => Buffer.concat(await parts(given));

async function asKafkajsReads(bytes: Buffer): Promise<object[]> {
  const size = Buffer.alloc(4);
  size.writeInt32BE(bytes.length);
  return (await decodeMessages(new Decoder(Buffer.concat([size, bytes])))).map(whatCounts);
}

const asWeRead = async (bytes: Buffer): Promise<object[]> =>
  (await readRecordBatches(bytes)).map(whatCounts);

const whatCounts = (message: Message | MessageInPlace) => ({
  offset: message.offset,
  timestamp: message.timestamp,
  key: message.key,
  value: message.value,
  headers: { ...message.headers },
  isControlRecord: message.isControlRecord,
  producerId: message.batchContext.producerId,
  inTransaction: message.batchContext.inTransaction,
});

describe('the records of a fetch', () => {
  it('are those that kafkajs reads', () =>
    fc.assert(
      fc.asyncProperty(batches, async (given) => {
        const bytes = await written(given);
        expect(await asWeRead(bytes)).toEqual(await asKafkajsReads(bytes));
      }),
    ));

  it('are those of the whole batches where the broker has cut the last one short', () =>
    fc.assert(
      fc.asyncProperty(batches, fc.nat(), async (given, cut) => {
        const all = await parts(given);
        const last = all.pop() ?? Buffer.of();
        const bytes = Buffer.concat([...all, last.subarray(0, cut % (last.length + 1))]);
        const whole = cut % (last.length + 1) === last.length ? [...all, last] : all;
        const expected = await asKafkajsReads(Buffer.concat(whole));
        expect(await asWeRead(bytes)).toEqual(expected);
      }),
    ));

  it('have the time of the broker where the topic says so', async () => {
    const bytes = await written([batchOf({ maxTimestamp: 1_767_600_000_999 })]);
    bytes.writeInt16BE(0x08, 21);
    expect(await readRecordBatches(bytes)).toMatchObject([{ timestampMs: 1_767_600_000_999 }]);
  });

  it('are marked where they are control records', async () => {
    const bytes = await written([batchOf({})]);
    bytes.writeInt16BE(0x20, 21);
    expect(await readRecordBatches(bytes)).toMatchObject([{ isControlRecord: true }]);
  });

  it('are refused in an older format', async () => {
    const bytes = await written([batchOf({})]);
    bytes.writeInt8(1, 16);
    await expect(readRecordBatches(bytes)).rejects.toThrow('unknown format: 1');
  });

  it('are refused, and nothing else happens, where a byte is another one', () =>
    fc.assert(
      fc.asyncProperty(batches, fc.nat(), fc.nat(255), async (given, at, byte) => {
        const bytes = await written(given);
        if (bytes.length > 0) bytes[at % bytes.length] = byte;
        const most = bytes.length;
        const read = await readRecordBatches(bytes).catch((error: unknown) => error);
        if (Array.isArray(read)) expect(read.length).toBeLessThanOrEqual(most);
        else expect(read).not.toBeInstanceOf(TypeError);
      }),
    ));
});

const batchOf = (changes: object): Batches[number] => ({
  firstOffset: 7,
  firstTimestamp: 1_767_600_000_000,
  maxTimestamp: 1_767_600_000_000,
  compression: 0,
  transactional: false,
  producerId: 1,
  records: [{ key: 'key', value: Buffer.from('value'), timestampDelta: 1, headers: {} }],
  ...changes,
});
