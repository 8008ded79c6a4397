import { context, propagation, trace } from '@opentelemetry/api';
import { fastify, type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { traceRequests } from './http-spans.ts';
import { startSpanReceiver, type ReceivedSpan, type SpanReceiver } from './span-receiver.ts';
import { startTracing } from './start-tracing.ts';

const [traceId, callerId] = ['a'.repeat(32), 'b'.repeat(16)];
const traceparent = `00-${traceId}-${callerId}-01`;
const number = '15838510075';

let receiver: SpanReceiver;
let server: FastifyInstance;
let url: string;
/** What the route, and a hook after the answer, see around them. */
let seen: { header?: object; whenHandled?: string | undefined; whenDone?: string | undefined };

const activeSpan = (): string | undefined => trace.getActiveSpan()?.spanContext().spanId;

beforeAll(async () => {
  receiver = await startSpanReceiver();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', receiver.url);
  vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '20');
  await startTracing('sample-service', process.env, pino({ level: 'silent' }));
  server = fastify();
  traceRequests(server);
  server.addHook('onResponse', (_request, _reply, done) => {
    seen.whenDone = activeSpan();
    done();
  });
  server.post('/patients/:id/notes', async () => {
    await Promise.resolve();
    seen.header = {};
    propagation.inject(context.active(), seen.header);
    seen.whenHandled = activeSpan();
    return {};
  });
  server.post('/fails', () => Promise.reject(new Error(`cannot work with ${number}`)));
  server.get('/health/ready', () => ({ status: 'up' }));
  url = await server.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await server.close();
  await receiver.close();
  vi.unstubAllEnvs();
});
beforeEach(() => {
  seen = {};
});

async function post(path: string, headers: Record<string, string> = {}): Promise<void> {
  await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{}',
  });
}

async function spanOf(path: string, headers?: Record<string, string>): Promise<ReceivedSpan> {
  const before = receiver.spans.length;
  await post(path, headers);
  return vi.waitFor(() => {
    const [span] = receiver.spans.slice(before);
    if (span === undefined) throw new Error('no span yet');
    return span;
  });
}

it('a request is a span by its route pattern, in the trace that its caller names', async () => {
  const span = await spanOf('/patients/p-17/notes?filter=secret', { traceparent });
  expect(span).toMatchObject({
    service: 'sample-service',
    kind: 'SERVER',
    name: 'POST /patients/:id/notes',
    traceId,
    parentSpanId: callerId,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/patients/:id/notes',
      'http.response.status_code': 200,
    },
    failed: false,
  });
  expect(receiver.sent()).not.toMatch(/p-17|secret/);
});

it('what the request sets going, its answer’s log line too, is within its span', async () => {
  const { spanId } = await spanOf('/patients/p-18/notes');
  expect(seen).toMatchObject({ whenHandled: spanId, whenDone: spanId });
});

it('neither baggage nor tracestate is passed on', async () => {
  const { spanId } = await spanOf('/patients/p-19/notes', {
    traceparent,
    tracestate: `vendor=${number}`,
    baggage: `patient=${number}`,
  });
  expect(seen.header).toEqual({ traceparent: `00-${traceId}-${spanId}-01` });
  expect(receiver.sent()).not.toContain(number);
});

it('a trace that holds a national number is not taken over', async () => {
  const span = await spanOf('/patients/p-20/notes', {
    traceparent: `00-abcdef${number}${'f'.repeat(15)}-${callerId}-01`,
  });
  expect(span.parentSpanId).toBeUndefined();
  expect(receiver.sent()).not.toContain(number);
});

it('a request that fails is a failed span without the message', async () => {
  expect(await spanOf('/fails')).toMatchObject({
    attributes: { 'http.response.status_code': 500, 'error.type': '500' },
    failed: true,
  });
  expect(receiver.sent()).not.toContain('cannot work');
});

it('a path without a route is told by its method alone', async () => {
  expect(await spanOf('/nowhere/p-21')).toMatchObject({
    name: 'POST',
    attributes: { 'http.response.status_code': 404 },
    failed: false,
  });
  expect(receiver.sent()).not.toContain('nowhere');
});

it('looks at its health make no spans', async () => {
  await fetch(`${url}/health/ready`);
  await spanOf('/patients/p-22/notes');
  expect(receiver.spans.map(({ name }) => name)).not.toContain('GET /health/ready');
});
