import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { commandsBelow, doingCommands, pathOf } from './command-tree.ts';
import { exitCodeMeanings, exitCodes } from './exit-codes.ts';
import { samspill } from './program.ts';
import { checkout } from './mesh-addresses.ts';

/** All commands, none of which does anything, and none of which writes. */
function idleProgram(): Command {
  const program = samspill(true);
  for (const command of doingCommands(program)) command.action(() => undefined);
  for (const command of commandsBelow(program)) {
    command.configureOutput({ writeOut: () => undefined });
  }
  return program;
}

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 80 });
  command.outputHelp();
  return help;
}

/** What stands under Examples, as the arguments that a shell would make of it. */
const examplesIn = (help: string): string[][] =>
  [...help.replace(/^[^]*\nExamples:\n/, '').matchAll(/^ {2}samspill (.*)$/gm)].map(
    ([, line = '']) =>
      [...line.replace(/ [|>#].*$/, '').matchAll(/"([^"]*)"|\S+/g)].map(
        ([word, quoted]) => quoted ?? word,
      ),
  );

describe.each(commandsBelow(samspill()).map((command) => [pathOf(command), command] as const))(
  'the help of %s',
  (path, command) => {
    it('says what the exit codes mean', () => {
      expect(helpOf(command)).toContain('Exit codes:\n  0  done');
    });

    it('has examples that name the command, and are taken as they stand', async () => {
      const examples = examplesIn(helpOf(command));
      expect(examples.length).toBeGreaterThan(0);
      const words = path.split(' ').slice(1);
      for (const example of examples) {
        expect(example.join(' ')).toContain(words.join(' '));
        await idleProgram()
          .parseAsync(example, { from: 'user' })
          .catch((error: unknown) => expect(error).toMatchObject({ exitCode: 0 }));
      }
    });

    it('fits into 80 columns', () => {
      const wide = helpOf(command)
        .split('\n')
        .filter((line) => line.length > 80 && !/^ {2}samspill /.test(line));
      expect(wide).toEqual([]);
    });
  },
);

it('every command that answers has --json', () => {
  const silent = doingCommands(samspill())
    .filter(({ options }) => !options.some(({ long }) => long === '--json'))
    .map(pathOf);
  expect(silent).toEqual(['samspill completion']);
});

it('the README has the table of exit codes', () => {
  const readme = readFileSync(join(checkout, 'apps/cli/README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| (\d) +\| ([^|]+?) +\|/gm)].map(([, code, meaning]) => [
    Number(code),
    meaning,
  ]);
  expect(rows).toEqual(
    Object.entries(exitCodeMeanings).map(([name, meaning]) => [
      exitCodes[name as keyof typeof exitCodes],
      meaning,
    ]),
  );
});
