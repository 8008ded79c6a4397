import { endingOf } from './command-failure.ts';
import { samspill } from './program.ts';
import { colours } from './terminal.ts';

const program = samspill();
try {
  await program.parseAsync();
} catch (error) {
  const { exitCode, line } = endingOf(error);
  if (line !== undefined) console.error(colours.red(line));
  if (program.opts<{ debug?: boolean }>().debug) console.error(error);
  process.exitCode = exitCode;
}
