import { logLevel, type LogEntry, type logCreator } from 'kafkajs';

type Write = (fields: Record<string, unknown>, message: string) => void;

/** What the event log writes to; pino fits. */
export interface EventLogLogger {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

/** A log whose lines of every level go the same way. */
export const loggerBy = (
  write: (level: keyof EventLogLogger, ...line: Parameters<Write>) => void,
): EventLogLogger => ({
  debug: (...line) => write('debug', ...line),
  info: (...line) => write('info', ...line),
  warn: (...line) => write('warn', ...line),
  error: (...line) => write('error', ...line),
});

export const silentLogger = loggerBy(() => undefined);

/** Fields of kafkajs entries that may be logged. An allow-list, since others could carry record content. */
const safeFields = [
  'broker',
  'clientId',
  'groupId',
  'memberId',
  'topic',
  'partition',
  'retryCount',
  'retryTime',
] as const;

/**
 * What kafkajs says too loudly: a rebalance is daily life (tulios/kafkajs#659), a pause is ours, a rejoin follows by
 * itself, and an answer with an error code comes back to whoever asked.
 */
const harmless =
  /^Response |rebalanc|re-joining|not aware of this member|aware of all assigned|^(Pausing|Resuming) fetching|is not the coordinator|unknown member/i;

/** Routes the log of kafkajs to ours: levels mapped, harmless things at debug, safe fields only. */
export const kafkajsLog =
  (logger: EventLogLogger): logCreator =>
  () =>
  ({ namespace, level, log }: LogEntry) => {
    const fields: Record<string, unknown> = { kafkajs: namespace };
    for (const name of safeFields) if (log[name] !== undefined) fields[name] = log[name] as unknown;
    // Called on the logger: pino's own methods need it.
    logger[harmless.test(log.message) ? 'debug' : levelOf(level)](fields, log.message);
  };

function levelOf(level: logLevel): keyof EventLogLogger {
  if (level === logLevel.ERROR) return 'error';
  if (level === logLevel.WARN) return 'warn';
  // Each connection of each restart at info would drown what the services say.
  return 'debug';
}
