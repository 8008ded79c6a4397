import { pause } from '@samspill/kernel';
import { untilInterrupted } from '../until-interrupted.ts';

/** Prints what is looked at again and again, until Ctrl-C; for a pipe or a file. */
export const printRepeatedly = <Seen>(
  everyMs: number,
  look: (signal: AbortSignal) => Promise<Seen>,
  textOf: (seen: Seen) => string,
): Promise<void> =>
  untilInterrupted(async (signal) => {
    do {
      const seen = await look(signal);
      if (signal.aborted) return;
      console.log(textOf(seen));
    } while (await pause(everyMs, signal));
  });
