import { trace } from '@opentelemetry/api';

/** What a log line says of the trace within which it is written, as OpenTelemetry names it in logs; nothing outside of one. */
export function traceFields(): { readonly trace_id?: string; readonly span_id?: string } {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
