import { createRequire } from 'node:module';
import { ByteCursor } from './byte-cursor.ts';
import { MessageInPlace, type MessageBatch } from './message-in-place.ts';

interface Codec {
  decompress(bytes: Buffer): Promise<Buffer>;
}

/** Codecs of kafkajs by the attributes of a batch; null where it is not compressed. kafkajs does not export them. */
const codecs = createRequire(import.meta.url)(
  'kafkajs/src/protocol/message/compression/index.js',
) as { lookupCodecByAttributes(attributes: number): Codec | null };

const brokerTimeFlag = 0x08;
const transactionalFlag = 0x10;
const controlFlag = 0x20;
const magicInForce = 2;
/** Base offset and length: what stands before the part that the length counts. */
const prefixBytes = 12;

/**
 * The records of one partition in a fetch. The last batch may be cut short: the broker counts bytes, not batches.
 *
 *     base offset 8 | length 4 | leader epoch 4 | magic 1 | crc 4 | attributes 2 | last offset delta 4 | base time 8 |
 *     last time 8 | producer id 8 | producer epoch 2 | first sequence 4 | count 4 | records
 *
 * Throws RangeError where a part is longer than what holds it.
 */
export async function readRecordBatches(bytes: Buffer): Promise<MessageInPlace[]> {
  const messages: MessageInPlace[] = [];
  const cursor = new ByteCursor(bytes);
  while (cursor.left >= prefixBytes) {
    const baseOffset = cursor.int64();
    const length = cursor.int32();
    if (length > cursor.left) break;
    await readBatch(new ByteCursor(cursor.slice(length)), baseOffset, messages);
  }
  return messages;
}

async function readBatch(
  cursor: ByteCursor,
  baseOffset: number,
  into: MessageInPlace[],
): Promise<void> {
  cursor.skip(4);
  const magic = cursor.int8();
  if (magic !== magicInForce) throw new RangeError(`record batch of an unknown format: ${magic}`);
  cursor.skip(4);
  const attributes = cursor.int16();
  cursor.skip(4);
  const baseTimeMs = cursor.int64();
  const lastTimeMs = cursor.int64();
  const producerId = cursor.int64Text();
  cursor.skip(6);
  const count = cursor.int32();
  const batch: MessageBatch = {
    baseOffset,
    baseTimeMs,
    appendedAtMs: (attributes & brokerTimeFlag) === 0 ? undefined : lastTimeMs,
    isControl: (attributes & controlFlag) !== 0,
    inTransaction: (attributes & transactionalFlag) !== 0,
    producerId,
  };
  const codec = codecs.lookupCodecByAttributes(attributes);
  const records =
    codec === null ? cursor : new ByteCursor(await codec.decompress(cursor.slice(cursor.left)));
  for (let n = 0; n < count; n += 1) into.push(readRecord(records, batch));
}

/**
 *     size | attributes 1 | time delta | offset delta | key | value | count of headers | name, value ...
 *
 * All numbers but the attributes are of variable length; key, value and names come after their sizes, -1 is null.
 */
function readRecord(cursor: ByteCursor, batch: MessageBatch): MessageInPlace {
  const size = cursor.varint();
  const end = cursor.at + size;
  if (size < 0 || end > cursor.bytes.length) throw tooLong();
  cursor.at += 1;
  const timeDelta = cursor.varint();
  const offsetDelta = cursor.varint();
  const keySize = cursor.varint();
  const keyAt = cursor.pass(keySize);
  const valueSize = cursor.varint();
  const valueAt = cursor.pass(valueSize);
  const headersAt = cursor.at;
  // Two bytes a header at least, so a count that is none ends here.
  for (let left = cursor.varint(); left > 0 && cursor.at <= end; left -= 1) {
    cursor.pass(cursor.varint());
    cursor.pass(cursor.varint());
  }
  if (cursor.at > end) throw tooLong();
  cursor.at = end;
  // prettier-ignore
  return new MessageInPlace(
    cursor.bytes, batch, offsetDelta, timeDelta, keyAt, keySize, valueAt, valueSize, headersAt,
  );
}

const tooLong = (): RangeError => new RangeError('a record with a part longer than what holds it');
