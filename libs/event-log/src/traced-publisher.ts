import { context, propagation, SpanKind, trace, type Span } from '@opentelemetry/api';
import { inSpan, isTracing, linkTo, type Position } from '@samspill/kernel';
import type { EventPublisher, OutgoingEvent } from './event-log.ts';

const tracer = trace.getTracer('samspill.event-log');

/**
 * Tells of each call of `publish` as one span, from the call to its acknowledgement, and names that span in the header
 * `traceparent` of its events (messaging conventions of OpenTelemetry). An event that comes with another trace keeps
 * it: the span links to that one. No span names a key. Where the process has no tracing, it only passes the call on.
 */
export const tracedPublisher = (publisher: EventPublisher): EventPublisher => ({
  publish: (events) => {
    if (!isTracing() || events.length === 0) return publisher.publish(events);
    const topics = [...new Set(events.map(({ topic }) => topic))];
    const span = tracer.startSpan(['send', ...topics].join(' '), {
      kind: SpanKind.PRODUCER,
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.name': 'send',
        'messaging.operation.type': 'send',
        'messaging.destination.name': topics.join(' '),
        'messaging.batch.message_count': events.length,
      },
    });
    return inSpan(span, async () => {
      const positions = await publisher.publish(withTrace(span, events));
      tellPositions(span, positions);
      return positions;
    });
  },
  close: () => publisher.close(),
});

/** Called within the span. */
function withTrace(span: Span, events: readonly OutgoingEvent[]): OutgoingEvent[] {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  const { traceId } = span.spanContext();
  const others = new Set<string>();
  const marked = events.map((event) => {
    if (event.traceparent === undefined || event.traceparent.includes(traceId)) {
      return { ...event, ...carrier };
    }
    others.add(event.traceparent);
    return event;
  });
  span.addLinks([...others].flatMap(linkTo));
  return marked;
}

function tellPositions(span: Span, positions: readonly Position[]): void {
  const partitions = new Set(positions.map(({ partition }) => partition));
  span.setAttribute('messaging.destination.partition.id', [...partitions].join(' '));
  const [first, ...more] = positions;
  if (first !== undefined && more.length === 0) {
    span.setAttribute('messaging.kafka.offset', first.offset);
  }
}
