import { SamspillError, backOffMs, isRetriable, type ErrorCode } from '@samspill/kernel';
import type { Logger } from 'pino';

const backOff = { minMs: 200, maxMs: 5_000 };

/**
 * Asks again for as long as what is asked is away: a service that is started during an outage waits for the end of it.
 * Ending would only have it started again, in a loop. Rejects with any error that does not pass by itself.
 */
export async function onceThere<Answer>(
  logger: Pick<Logger, 'warn' | 'info'>,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  let told: ErrorCode | undefined;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await ask();
      if (told !== undefined) logger.info('goes on with its start');
      return answer;
    } catch (error) {
      if (!(error instanceof SamspillError) || !isRetriable(error)) throw error;
      if (told !== error.code) logger.warn({ error: error.message }, 'waits with its start');
      told = error.code;
      const pause = Promise.withResolvers<undefined>();
      setTimeout(() => pause.resolve(undefined), backOffMs(attempt, backOff));
      await pause.promise;
    }
  }
}
