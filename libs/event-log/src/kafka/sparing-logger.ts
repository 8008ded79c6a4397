import { LRUCache } from 'lru-cache';
import { loggerBy, type EventLogLogger } from './kafkajs-log.ts';

const quietMs = 30_000;
/** Texts that are remembered; more than kafkajs and we have. */
const textsMax = 200;

/**
 * Says a warning or an error of one text at once, and again after half a minute at the earliest, with the number of times
 * that it came meanwhile. A broker that is away makes each connection complain several times a second; those lines go to
 * debug.
 */
export function sparingLogger(
  logger: EventLogLogger,
  nowMs: () => number = () => performance.now(),
): EventLogLogger {
  const said = new LRUCache<string, { readonly atMs: number; times: number }>({ max: textsMax });
  return loggerBy((level, fields, message) => {
    if (level === 'debug' || level === 'info') {
      logger[level](fields, message);
      return;
    }
    // Numbers in it are times and ports.
    const text = `${level} ${message.replaceAll(/[\d.]+/g, '#')}`;
    const last = said.get(text);
    if (last !== undefined && nowMs() - last.atMs < quietMs) {
      last.times += 1;
      logger.debug(fields, message);
      return;
    }
    said.set(text, { atMs: nowMs(), times: 0 });
    const repeated = last?.times ?? 0;
    logger[level](repeated === 0 ? fields : { ...fields, repeated }, message);
  });
}
