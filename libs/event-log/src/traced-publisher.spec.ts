import { context, trace, type Span } from '@opentelemetry/api';
import { recordSpans, stopRecording } from '@samspill/kernel/recorded-spans';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleEvent } from './contract/sample-event.ts';
import type { EventPublisher, OutgoingEvent } from './event-log.ts';
import { memoryEventLog } from './memory/memory-event-log.ts';
import { tracedPublisher } from './traced-publisher.ts';

const topic = 'sample.record.v1';
const tracer = trace.getTracer('test');
const another = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;

let spans: ReturnType<typeof recordSpans> = () => [];

/** A publisher that keeps what it is given. */
function given(partitions = 1): { publisher: EventPublisher; sent: OutgoingEvent[] } {
  const inner = memoryEventLog({ topics: { [topic]: partitions } }).publisher();
  const sent: OutgoingEvent[] = [];
  spans();
  const publish: EventPublisher['publish'] = (events) => {
    sent.push(...events);
    return inner.publish(events);
  };
  return { publisher: tracedPublisher({ ...inner, publish }), sent };
}

const within = <Result>(span: Span, work: () => Result): Result =>
  context.with(trace.setSpan(context.active(), span), work);

const headerOf = (span: { spanContext(): { traceId: string; spanId: string } } | undefined) =>
  `00-${span?.spanContext().traceId}-${span?.spanContext().spanId}-01`;

it('without tracing events go as they are', async () => {
  const { publisher, sent } = given();
  const events = [sampleEvent(topic), sampleEvent(topic, { traceparent: another })];
  await publisher.publish(events);
  expect(sent).toEqual(events);
});

describe('with tracing', () => {
  beforeAll(() => {
    spans = recordSpans();
  });
  afterAll(stopRecording);

  it('a call is one span within the trace of its caller, and its events name that span', async () => {
    const { publisher, sent } = given();
    const caller = tracer.startSpan('caller');
    await within(caller, () => publisher.publish([sampleEvent(topic), sampleEvent(topic)]));
    // The log in memory has a span of its own within.
    const span = spans().at(-1);
    expect(span).toMatchObject({
      name: `send ${topic}`,
      kind: 3,
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.name': 'send',
        'messaging.destination.name': topic,
        'messaging.destination.partition.id': '0',
        'messaging.batch.message_count': 2,
      },
    });
    expect(span?.parentSpanContext?.spanId).toBe(caller.spanContext().spanId);
    expect(sent.map(({ traceparent }) => traceparent)).toEqual([headerOf(span), headerOf(span)]);
  });

  it('an event of its caller’s trace is told by the span too; one of another trace keeps it and is linked', async () => {
    const { publisher, sent } = given();
    const caller = tracer.startSpan('caller');
    await within(caller, () =>
      publisher.publish([
        sampleEvent(topic, { traceparent: headerOf(caller) }),
        sampleEvent(topic, { traceparent: another }),
        sampleEvent(topic, { traceparent: another }),
      ]),
    );
    const span = spans().at(-1);
    expect(sent.map(({ traceparent }) => traceparent)).toEqual([headerOf(span), another, another]);
    expect(span?.links.map((link) => headerOf({ spanContext: () => link.context }))).toEqual([
      another,
    ]);
  });

  it('what is refused is told by its code', async () => {
    const { publisher } = given();
    const large = sampleEvent(topic, { value: Buffer.alloc(2_000_000) });
    await expect(publisher.publish([large])).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' });
    expect(spans().at(-1)).toMatchObject({
      attributes: { 'error.type': 'EVENT_TOO_LARGE' },
      status: { code: 2 },
    });
  });

  it('no span holds a key', async () => {
    const { publisher } = given(3);
    const event = sampleEvent(topic);
    await publisher.publish([event, sampleEvent(topic)]);
    const told = spans().map(({ name, attributes, links }) => ({ name, attributes, links }));
    expect(JSON.stringify(told)).toContain(topic);
    expect(JSON.stringify(told)).not.toContain(event.key);
  });
});
