import type { EventLogLogger } from '@samspill/event-log';

/** The same log; each line says besides what it is about. */
export function namingLogger(
  logger: EventLogLogger,
  about: Readonly<Record<string, unknown>>,
): EventLogLogger {
  const at =
    (level: keyof EventLogLogger): EventLogLogger['info'] =>
    (fields, message) =>
      logger[level]({ ...about, ...fields }, message);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
