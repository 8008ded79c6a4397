import { loggerBy, type EventLogLogger } from '@samspill/event-log';

/** The same log; each line says besides what it is about. */
export const namingLogger = (
  logger: EventLogLogger,
  about: Readonly<Record<string, unknown>>,
): EventLogLogger =>
  loggerBy((level, fields, message) => logger[level]({ ...about, ...fields }, message));
