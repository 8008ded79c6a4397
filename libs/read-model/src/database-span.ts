import { SpanKind, trace } from '@opentelemetry/api';
import { inChildSpan } from '@samspill/kernel';

const tracer = trace.getTracer('samspill.read-model');

/** Tells of work of the database within a trace: what kind it is, never a statement or a value. */
export const inDatabaseSpan = <Result>(
  operation: string,
  work: () => Promise<Result>,
): Promise<Result> =>
  inChildSpan(
    tracer,
    operation,
    {
      kind: SpanKind.CLIENT,
      attributes: { 'db.system.name': 'postgresql', 'db.operation.name': operation },
    },
    work,
  );

/** The first word of a statement: `SELECT`, `INSERT`. */
export const operationOf = (statement: unknown): string => {
  const text =
    typeof statement === 'object' && statement !== null && 'text' in statement
      ? statement.text
      : statement;
  return (typeof text === 'string' && /[a-z]+/i.exec(text)?.[0].toUpperCase()) || 'query';
};
