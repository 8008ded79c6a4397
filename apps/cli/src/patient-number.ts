import { readFileSync } from 'node:fs';
import { CommandFailure } from './command-failure.ts';
import { exitCodes } from './exit-codes.ts';

export const patientOptionHelp =
  'national id of the patient; prefer @FILE, or @- for standard input, so that it stays out of the history of the shell';

/** The number that `--patient` names. It is never printed again, in no message either. */
export function patientNumberOf(option: string): string {
  if (!option.startsWith('@')) return option.trim();
  const file = option.slice(1);
  let text: string;
  try {
    text = readFileSync(file === '-' ? process.stdin.fd : file, 'utf8');
  } catch (cause) {
    throw new CommandFailure(
      exitCodes.usage,
      {
        place: '--patient',
        rule: 'the file can be read',
        mend: 'name a file that holds the number and nothing else',
      },
      cause,
    );
  }
  return text.trim();
}
