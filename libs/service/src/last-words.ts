import type { Logger } from 'pino';
import { toldError } from './told-error.ts';

/**
 * Ends the process on an error that nobody caught, as Node does, but with a log line in place of what Node would print:
 * the message of the error, its properties and its causes, which may quote a patient's data.
 */
export function speakLastWords(logger: Logger): void {
  process.on('uncaughtException', (error) => {
    logger.fatal({ error: toldError(error) }, 'an error that nobody caught');
    process.exit(1);
  });
}
