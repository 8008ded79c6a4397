import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';

/** Fails as away where no intake answers, before the first payload is tried again and again. */
export async function requireIntake(url: string): Promise<void> {
  try {
    await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(5_000) });
  } catch (cause) {
    throw new CommandFailure(
      exitCodes.away,
      {
        place: url,
        rule: 'the measurements service answers',
        mend: 'start it by samspill up, or name another by --url',
      },
      cause,
    );
  }
}
