import type { Batch, Message } from 'kafkajs';
import type { LoggedRecord, OutgoingEvent } from '../event-log.ts';
import type { MessageInPlace } from './message-in-place.ts';

/** The event as a Kafka record: a CloudEvent in binary mode with these headers and no more (design D3). */
export const toKafkaMessage = (event: OutgoingEvent, partition: number): Message => ({
  key: event.key,
  value: event.value,
  partition,
  headers: {
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_source: event.source,
    ce_type: event.type,
    'content-type': 'application/avro',
    ...(event.traceparent === undefined ? {} : { traceparent: event.traceparent }),
  },
});

const idHeader = Buffer.from('ce_id');
const typeHeader = Buffer.from('ce_type');
const sourceHeader = Buffer.from('ce_source');
const traceHeader = Buffer.from('traceparent');

/** A batch as readers of the log see it. */
export const recordsOf = ({ topic, partition, messages }: Batch): LoggedRecord[] =>
  // Our clients read them in place (fetch-decode-patch).
  (messages as unknown as MessageInPlace[]).map((one) => fromKafkaMessage(topic, partition, one));

/** Of a header that is there twice the first one counts. */
function fromKafkaMessage(topic: string, partition: number, message: MessageInPlace): LoggedRecord {
  const { bytes, value, timestampMs } = message;
  let id: string | undefined;
  let type: string | undefined;
  let source: string | undefined;
  let traceparent: string | undefined;
  message.eachHeader((nameAt, nameEnd, at, end) => {
    if (end < at) return;
    if (isText(bytes, nameAt, nameEnd, idHeader)) id ??= bytes.toString('utf8', at, end);
    else if (isText(bytes, nameAt, nameEnd, typeHeader)) type ??= bytes.toString('utf8', at, end);
    else if (isText(bytes, nameAt, nameEnd, sourceHeader)) {
      source ??= bytes.toString('utf8', at, end);
    } else if (isText(bytes, nameAt, nameEnd, traceHeader)) {
      traceparent ??= bytes.toString('latin1', at, end);
    }
  });
  const offset = message.offsetNumber;
  const key = message.keyText;
  return { topic, partition, offset, key, id, type, source, value, timestampMs, traceparent };
}

/** Compared in place: the names, five a record, are dearer as texts than all else in a header. */
function isText(bytes: Buffer, at: number, end: number, text: Buffer): boolean {
  if (end - at !== text.length) return false;
  for (let n = 0; n < text.length; n += 1) if (bytes[at + n] !== text[n]) return false;
  return true;
}
