import type { Params } from 'nestjs-pino';
import { pino, type DestinationStream, type Logger } from 'pino';
import { requestFields } from './request-context.ts';
import { toldError } from './told-error.ts';
import { traceFields } from './tracing/trace-fields.ts';

const serializers = {
  err: toldError,
  error: (told: unknown) => (told instanceof Error ? toldError(told) : told),
};

/**
 * The log of a service, as JSON lines on standard output unless told. Requests and answers, which Nest's logger may add
 * to a line, are left out, and errors are told without their messages: whoever logs, no patient gets there by accident.
 * A line that is written while a request is answered has its correlation id, and within a trace the ids of that.
 */
export const serviceLogger = (name: string, level: string, to?: DestinationStream): Logger =>
  pino(
    {
      name,
      level,
      redact: { paths: ['req', 'res'], remove: true },
      serializers,
      mixin: () => ({ ...requestFields(), ...traceFields() }),
      hooks: {
        logMethod(args, method) {
          // Without a text of its own pino would write the error's message.
          method.apply(this, isErrorAlone(args) ? [args[0], 'an error'] : args);
        },
      },
    },
    ...(to === undefined ? [] : [to]),
  );

/** How Nest writes to it. pino-http has serializers of its own, which would tell the message of an error. */
export const nestLogging = (logger: Logger): Params => ({
  pinoHttp: { logger, autoLogging: false, wrapSerializers: false, serializers },
});

const isErrorAlone = (args: readonly unknown[]): boolean => {
  const [subject] = args;
  if (args.length > 1 || typeof subject !== 'object' || subject === null) return false;
  return subject instanceof Error || ('err' in subject && subject.err instanceof Error);
};
