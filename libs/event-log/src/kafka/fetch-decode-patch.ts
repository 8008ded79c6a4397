import { createRequire } from 'node:module';
import { ByteCursor } from './byte-cursor.ts';
import { readRecordBatches } from './record-batch.ts';

/** How kafkajs reads the answers to the version of Fetch that it uses with Kafka 4. It does not export it. */
export const fetchResponse = createRequire(import.meta.url)(
  'kafkajs/src/protocol/requests/fetch/v11/response.js',
) as { decode: (bytes: Buffer) => Promise<object> };

let patched = false;

/**
 * Reads what is fetched in place. The decoder of kafkajs 2.2.4 makes an object of all headers so far for each header, and
 * BigInts for each offset and time: that was half of what a read model without sealing cost (Node 24, 5 headers: 9 us a
 * record with it, 4.5 us without). All clients of the process read so, which none of them can tell by what it gets.
 */
export function patchFetchDecode(): void {
  if (patched) return;
  patched = true;
  fetchResponse.decode = decodeFetch;
}

async function decodeFetch(bytes: Buffer): Promise<object> {
  const cursor = new ByteCursor(bytes);
  const clientSideThrottleTime = cursor.int32();
  const errorCode = cursor.int16();
  const sessionId = cursor.int32();
  const responses: object[] = [];
  for (let topics = cursor.int32(); topics > 0; topics -= 1) {
    const topicName = cursor.string();
    const partitions: object[] = [];
    for (let left = cursor.int32(); left > 0; left -= 1) {
      partitions.push(await readPartition(cursor));
    }
    responses.push({ topicName, partitions });
  }
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

async function readPartition(cursor: ByteCursor): Promise<object> {
  const partition = cursor.int32();
  const errorCode = cursor.int16();
  const highWatermark = cursor.int64Text();
  const lastStableOffset = cursor.int64Text();
  const lastStartOffset = cursor.int64Text();
  const abortedTransactions: object[] = [];
  for (let left = cursor.int32(); left > 0; left -= 1) {
    abortedTransactions.push({ producerId: cursor.int64Text(), firstOffset: cursor.int64Text() });
  }
  const preferredReadReplica = cursor.int32();
  const size = Math.max(0, cursor.int32());
  const messages = await readRecordBatches(cursor.slice(size));
  return {
    partition,
    errorCode,
    ...{ highWatermark, lastStableOffset, lastStartOffset },
    abortedTransactions,
    preferredReadReplica,
    messages,
  };
}
