import type { KafkaMessage, Message } from 'kafkajs';
import type { LoggedRecord, OutgoingEvent } from '../event-log.ts';

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

/** A Kafka record as readers of the log see it. */
export const fromKafkaMessage = (
  topic: string,
  partition: number,
  message: KafkaMessage,
): LoggedRecord => ({
  topic,
  partition,
  offset: Number(message.offset),
  key: message.key?.toString(),
  id: headerOf(message, 'ce_id'),
  type: headerOf(message, 'ce_type'),
  source: headerOf(message, 'ce_source'),
  value: message.value,
  timestampMs: Number(message.timestamp),
});

function headerOf({ headers }: KafkaMessage, name: string): string | undefined {
  const value = headers?.[name];
  const first = Array.isArray(value) ? value[0] : value;
  return first?.toString();
}
