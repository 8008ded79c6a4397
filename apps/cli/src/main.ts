import { endingOf } from './ending.ts';
import { samspill } from './program.ts';
import { colours, warn } from './terminal.ts';

const { npm_lifecycle_event: script, INIT_CWD: calledFrom } = process.env;
// npm runs its scripts at the top of the checkout; paths are meant from where it was called.
if (script === 'samspill' && calledFrom !== undefined) process.chdir(calledFrom);
// Whoever reads has seen enough, as in samspill lag | head -3.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
// Known before the command line is read, since reading it may fail.
const json = process.argv.includes('--json');
const program = samspill(json);
try {
  await program.parseAsync();
} catch (error) {
  const { exitCode, line, problems } = endingOf(error);
  if (json && problems.length > 0) console.error(JSON.stringify({ error: { exitCode, problems } }));
  else if (line !== undefined) warn(colours.red(line));
  if (program.opts<{ debug?: boolean }>().debug) console.error(error);
  process.exitCode = exitCode;
}
