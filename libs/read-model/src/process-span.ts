import { ROOT_CONTEXT, SpanKind, trace, type Context } from '@opentelemetry/api';
import type { LoggedRecord } from '@samspill/event-log';
import { failSpan, inSpan, isTracing, linkTo } from '@samspill/kernel';
import type { WorkedPartition } from './owned-partitions.ts';

const tracer = trace.getTracer('samspill.read-model');

/**
 * Tells of a chunk as one span with a link to each trace that its records belong to; the SDK keeps 128 and counts
 * what it dropped. A chunk of one trace alone, as where little goes on, is told within that trace. Where the process has
 * no tracing, no record is looked at.
 */
export const inProcessSpan = (
  group: string,
  partition: WorkedPartition,
  records: readonly LoggedRecord[],
  work: () => Promise<'written' | 'again'>,
): Promise<'written' | 'again'> => {
  if (!isTracing()) return work();
  const traceparents = [...new Set(records.map(({ traceparent }) => traceparent))];
  const links = traceparents.flatMap((one) => (one === undefined ? [] : linkTo(one)));
  const [only] = links;
  const parent: Context =
    only !== undefined && traceparents.length === 1
      ? trace.setSpanContext(ROOT_CONTEXT, only.context)
      : ROOT_CONTEXT;
  const options = {
    kind: SpanKind.CONSUMER,
    links,
    attributes: {
      'messaging.system': 'kafka',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': partition.topic,
      'messaging.destination.partition.id': String(partition.partition),
      'messaging.consumer.group.name': group,
      'messaging.batch.message_count': records.length,
    },
  };
  return inSpan(tracer.startSpan(`process ${partition.topic}`, options, parent), async (span) => {
    const outcome = await work();
    if (outcome === 'again' && partition.heldFor !== undefined) failSpan(span, partition.heldFor);
    return outcome;
  });
};
