import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  trace,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { failSpan, isTracing } from '@samspill/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { traceparentHeader } from './traceparent-header.ts';

const tracer = trace.getTracer('samspill.service');

/** What machines ask every few seconds makes no traces. */
const untold = /^\/(health|metrics)(\/|$)/;

/**
 * Tells of each request as a span by its route pattern, in the trace that its caller names; never by its URL, which may
 * hold ids. `tracestate` and `baggage` are not taken in: anything may stand in them. Call it before other hooks are added,
 * so that they work within the span. Where the process has no tracing, requests have no hooks of it.
 */
export function traceRequests(server: FastifyInstance): void {
  if (!isTracing()) return;
  const traced = new WeakMap<FastifyRequest, { span: Span; within: Context }>();
  const within = (request: FastifyRequest, done: () => void): void => {
    const found = traced.get(request);
    if (found === undefined) done();
    else context.with(found.within, done);
  };

  server.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url;
    if (route === undefined || !untold.test(route)) {
      const { span, parent } = begin(request, route);
      traced.set(request, { span, within: trace.setSpan(parent, span) });
    }
    within(request, done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const span = traced.get(request)?.span;
    span?.setAttribute('http.response.status_code', reply.statusCode);
    if (span !== undefined && reply.statusCode >= 500) failSpan(span, String(reply.statusCode));
    within(request, done);
    span?.end();
  });
  server.addHook('onRequestAbort', (request, done) => {
    const span = traced.get(request)?.span;
    if (span !== undefined) failSpan(span, 'aborted');
    span?.end();
    done();
  });
}

function begin(
  { method, headers, protocol }: FastifyRequest,
  route: string | undefined,
): { span: Span; parent: Context } {
  const traceparent = traceparentHeader(headers);
  const parent =
    traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent });
  const attributes = {
    'http.request.method': method,
    'url.scheme': protocol,
    ...(route === undefined ? {} : { 'http.route': route }),
  };
  const name = route === undefined ? method : `${method} ${route}`;
  return { span: tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent), parent };
}
