import { trace } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SamspillError } from './errors.ts';
import { recordSpans, stopRecording } from './recorded-spans.ts';
import { inChildSpan, inSpan, isTracing, linkTo } from './span.ts';

const tracer = trace.getTracer('test');
const number = '15838510075';

it('without tracing, work is done and nothing is recorded', async () => {
  expect(isTracing()).toBe(false);
  expect(await inSpan(tracer.startSpan('work'), () => Promise.resolve(7))).toBe(7);
  expect(await inChildSpan(tracer, 'part', {}, () => Promise.resolve(8))).toBe(8);
  expect(linkTo(`00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`)).toEqual([]);
});

describe('with tracing', () => {
  let spans: ReturnType<typeof recordSpans>;
  beforeAll(() => {
    spans = recordSpans();
  });
  afterAll(stopRecording);

  it('a part of traced work is a child of it, and a part of untraced work makes no trace', async () => {
    const part = () => inChildSpan(tracer, 'part', {}, () => Promise.resolve());
    await part();
    expect(spans()).toEqual([]);
    await inSpan(tracer.startSpan('whole'), part);
    const [child, whole] = spans();
    expect([child?.name, whole?.name]).toEqual(['part', 'whole']);
    expect(child?.parentSpanContext?.spanId).toBe(whole?.spanContext().spanId);
  });

  it.each([
    [new SamspillError('EVENT_LOG_OVERLOADED'), 'EVENT_LOG_OVERLOADED'],
    [new RangeError(`what about ${number}`), 'RangeError'],
  ])('a failure is told by its code, not by its message', async (error, code) => {
    await expect(inSpan(tracer.startSpan('work'), () => Promise.reject(error))).rejects.toBe(error);
    const [span] = spans();
    expect(span?.attributes).toEqual({ 'error.type': code });
    expect([span?.status.code, span?.events]).toEqual([2, []]);
  });

  it('a link names the trace of a header, and nothing where the header names none', () => {
    const [traceId, spanId] = ['1'.repeat(32), '2'.repeat(16)];
    expect(linkTo(`00-${traceId}-${spanId}-01`)).toMatchObject([{ context: { traceId, spanId } }]);
    expect(linkTo(`00-${'0'.repeat(32)}-${spanId}-01`)).toEqual([]);
    expect(linkTo('nonsense')).toEqual([]);
  });
});
