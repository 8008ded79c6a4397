import { exitCodeMeanings, exitCodes } from './exit-codes.ts';
import { wrapped } from './wrapped.ts';

const exitCodesHelp = [
  'Exit codes:',
  ...Object.entries(exitCodeMeanings).map(
    ([name, meaning]) => `  ${exitCodes[name as keyof typeof exitCodes]}  ${meaning}`,
  ),
].join('\n');

/** What stands below the options in a command's help: sentences about it, examples, exit codes. */
export const helpBelow = (about: string): string =>
  ['', ...about.trim().split('\n\n').map(reflowed), exitCodesHelp].join('\n\n').slice(1);

/** Sentences take the width of the terminal; what is indented stands as it is written. */
function reflowed(paragraph: string): string {
  if (/^ /m.test(paragraph)) return paragraph;
  return wrapped(
    paragraph.replaceAll('\n', ' '),
    process.stdout.isTTY ? process.stdout.columns : 80,
  );
}
