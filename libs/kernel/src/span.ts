import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Link,
  type Span,
  type SpanOptions,
  type Tracer,
} from '@opentelemetry/api';
import { SamspillError } from './errors.ts';

/** False where the process has no tracing: then nothing has to be made ready for it. */
export const isTracing = (): boolean => propagation.fields().length > 0;

/**
 * Does the work within the span and ends it. What went wrong is told by its code alone: the message of an error may quote
 * what was sent.
 */
export async function inSpan<Result>(
  span: Span,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  try {
    return await context.with(trace.setSpan(context.active(), span), () => work(span));
  } catch (error) {
    failSpan(span, codeOf(error));
    throw error;
  } finally {
    span.end();
  }
}

/** Does the work as a part of what is traced; where nothing is, as with a look every second, it makes no trace. */
export const inChildSpan = <Result>(
  tracer: Tracer,
  name: string,
  options: SpanOptions,
  work: (span?: Span) => Promise<Result>,
): Promise<Result> =>
  trace.getActiveSpan() === undefined ? work() : inSpan(tracer.startSpan(name, options), work);

/** Says of a span that it failed; `code` is one of few words, never a message. */
export const failSpan = (span: Span, code: string): void =>
  void span.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR });

/** The link to what a header `traceparent` names; none where it names nothing. */
export const linkTo = (traceparent: string): Link[] => {
  const named = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent }));
  return named === undefined ? [] : [{ context: named }];
};

const codeOf = (error: unknown): string => {
  if (error instanceof SamspillError) return error.code;
  return error instanceof Error ? error.name : 'unknown';
};
