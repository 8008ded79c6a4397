import { join } from 'node:path';
import { Argument, Command } from 'commander';
import { helpBelow } from '../help-below.ts';
import { checkout } from '../mesh-addresses.ts';
import { completionsOf, type Completions } from './completions-of.ts';
import { knownValues } from './known-values.ts';
import { scripts, type Shell } from './scripts.ts';

const examples = `
Prints a script for the shell, which completes commands, options, their values and files. Where there is no program samspill
yet, the script makes one of that name for this shell, so that npm run is not needed any more. To have it in every shell, put
the line into ~/.bashrc, ~/.zshrc or ~/.config/fish/config.fish, with the folder of the checkout after npm --prefix.

Examples:
  samspill completion bash
  samspill completion fish >samspill.fish

In the shell:
  bash  eval "$(npm run --silent samspill -- completion bash)"
  zsh   eval "$(npm run --silent samspill -- completion zsh)"
  fish  npm run --silent samspill -- completion fish | source`;

/** `samspill completion SHELL`; with words after `--`, what the last of them may be, for the script. */
export const completionCommand = (): Command =>
  new Command('completion')
    .description('print a script by which the shell completes commands')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(scripts)))
    .argument('[words...]', 'used by the script: what was typed, after --')
    .addHelpText('after', helpBelow(examples))
    .action(async (shell: Shell, words: string[], _: object, command: Command) => {
      if (words.length === 0) {
        console.log(scripts[shell].text(join(checkout, 'tools/workspace/run.mjs')));
        return;
      }
      const program = command.parent ?? command;
      const dataDir = program.opts<{ dataDir?: string }>().dataDir;
      const operator = { client: 'operator', json: false, ...(dataDir && { dataDir }) };
      const completions = await completionsOf(program, words, knownValues(operator));
      for (const line of linesOf(completions, shell)) console.log(line);
    });

/** As the scripts read them: a value a line, or where to look for files. */
const linesOf = (completions: Completions, shell: Shell): string[] =>
  completions.kind === 'files'
    ? [`:files ${completions.prefix}`]
    : completions.values.map((one) => scripts[shell].line(one));
