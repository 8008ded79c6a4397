import type { PublishedCall } from '@samspill/event-log';
import type { ErrorCode } from '@samspill/kernel';
import type { WrittenChunk } from '@samspill/read-model';
import { Counter, Histogram, type Registry } from 'prom-client';

/** Attributes of OpenTelemetry's messaging conventions, as Prometheus writes them. */
const common = [
  'messaging_system',
  'messaging_operation_name',
  'messaging_destination_name',
] as const;

/** With these a call ends while brokers are away. */
const whileAway: readonly ErrorCode[] = [
  'PUBLISH_OUTCOME_UNKNOWN',
  'EVENT_LOG_OVERLOADED',
  'EVENT_LOG_UNAVAILABLE',
];

/** Counts calls of `publish`, each once. */
export function publishMetrics(registry: Registry): (call: PublishedCall) => void {
  const of = { labelNames: [...common, 'error_type'] as const, registers: [registry] };
  const durations = new Histogram({
    ...of,
    name: 'messaging_client_operation_duration_seconds',
    help: 'From a call of publish to its answer: acknowledged, or the error (error_type) that it was rejected with.',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  const sent = new Counter({
    ...of,
    name: 'messaging_client_sent_messages_total',
    help: 'Events given to publish; with PUBLISH_OUTCOME_UNKNOWN (error_type) they may be in the log all the same.',
  });
  const labelsOf = (topic: string, error: ErrorCode | undefined) => ({
    ...{ messaging_system: 'kafka', messaging_operation_name: 'send' },
    messaging_destination_name: topic,
    ...(error !== undefined && { error_type: error }),
  });
  const topics = new Set<string>();
  return ({ topic, events, durationMs, error }) => {
    if (!topics.has(topic)) {
      topics.add(topic);
      // There from the first call on, so that the first of a kind is seen as a rise.
      for (const one of whileAway) sent.inc(labelsOf(topic, one), 0);
    }
    const labels = labelsOf(topic, error);
    durations.observe(labels, durationMs / 1000);
    sent.inc(labels, events);
  };
}

/** Counts chunks that a materialiser has written, each once. */
export function processMetrics(registry: Registry): (chunk: WrittenChunk) => void {
  const labelNames = [...common, 'messaging_consumer_group_name'] as const;
  const of = { labelNames, registers: [registry] };
  const durations = new Histogram({
    ...of,
    name: 'messaging_process_duration_seconds',
    help: 'From the first record of a chunk, which has at most 1,000, to its commit.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  const consumed = new Counter({
    ...of,
    name: 'messaging_client_consumed_messages_total',
    help: 'Records in such chunks, whatever became of them.',
  });
  return ({ group, topic, durationMs, records }) => {
    const labels = {
      ...{ messaging_system: 'kafka', messaging_operation_name: 'process' },
      ...{ messaging_destination_name: topic, messaging_consumer_group_name: group },
    };
    durations.observe(labels, durationMs / 1000);
    consumed.inc(labels, records);
  };
}
