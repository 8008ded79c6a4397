import { endingOf } from './command-failure.ts';
import { samspill } from './program.ts';
import { colours } from './terminal.ts';

const { npm_lifecycle_event: script, INIT_CWD: calledFrom } = process.env;
// npm runs its scripts at the top of the checkout; paths are meant from where it was called.
if (script === 'samspill' && calledFrom !== undefined) process.chdir(calledFrom);
const program = samspill();
try {
  await program.parseAsync();
} catch (error) {
  const { exitCode, line } = endingOf(error);
  if (line !== undefined) console.error(colours.red(line));
  if (program.opts<{ debug?: boolean }>().debug) console.error(error);
  process.exitCode = exitCode;
}
