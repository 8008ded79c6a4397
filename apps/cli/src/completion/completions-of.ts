import type { Argument, Command, Option } from 'commander';

/** What may stand at the end of a command line. */
export type Completions =
  | { readonly kind: 'values'; readonly values: readonly Completion[] }
  /** The shell knows its files; they come after `prefix`, as in `@patient.txt`. */
  | { readonly kind: 'files'; readonly prefix: string };

export interface Completion {
  /** The whole last word. */
  readonly value: string;
  readonly description: string;
}

/** What a value may be that commander does not know. */
export type ValuesOf = (
  /** Name of the argument, or of the option without its dashes. */
  name: string,
  /** What stands before it as arguments of the command. */
  before: readonly string[],
) => Promise<readonly string[] | 'files' | 'files after @'>;

/** Completes the last word; what stands before it is read as commander would. */
export async function completionsOf(
  program: Command,
  words: readonly string[],
  valuesOf: ValuesOf,
): Promise<Completions> {
  const last = words.at(-1) ?? '';
  const { command, args, waiting } = readLine(program, words.slice(0, -1));
  const complete = (of: Option | Argument, name: string, partial: string, before = '') =>
    valuesFor(of, () => valuesOf(name, args), partial, before);
  if (waiting !== undefined) return complete(waiting, waiting.name(), last);
  const [, long = '', partial = ''] = /^(--[\w-]+)=(.*)$/s.exec(last) ?? [];
  const given = optionsOf(command).find((option) => option.long === long);
  if (given !== undefined) return complete(given, given.name(), partial, `${long}=`);
  if (last.startsWith('-')) return beginning(optionsOf(command).flatMap(completionOfOption), last);
  if (args.length === 0 && command.commands.length > 0) {
    return beginning(subcommandsOf(command), last);
  }
  const argument = argumentAt(command, args.length);
  if (argument === undefined) return beginning([], last);
  return complete(argument, argument.name(), last);
}

interface ReadLine {
  /** The innermost that is named. */
  readonly command: Command;
  readonly args: readonly string[];
  /** An option whose value comes next. */
  readonly waiting: Option | undefined;
}

function readLine(program: Command, words: readonly string[]): ReadLine {
  let command = program;
  let waiting: Option | undefined;
  const args: string[] = [];
  for (const word of words) {
    if (waiting !== undefined) waiting = undefined;
    else if (word.startsWith('-')) {
      const option = optionsOf(command).find(({ long, short }) => [long, short].includes(word));
      waiting = option?.required ? option : undefined;
    } else {
      const below = args.length === 0 && command.commands.find((one) => one.name() === word);
      if (below) command = below;
      else args.push(word);
    }
  }
  return { command, args, waiting };
}

/** Its own, and those of the commands above, which may stand behind it too. */
const optionsOf = (command: Command): readonly Option[] => [
  ...command.createHelp().visibleOptions(command),
  ...(command.parent === null
    ? []
    : optionsOf(command.parent).filter(({ long }) => long !== '--help')),
];

const completionOfOption = ({ long, description }: Option): Completion[] =>
  long == null ? [] : [{ value: long, description }];

const subcommandsOf = (command: Command): Completion[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((one) => ({ value: one.name(), description: one.description() }));

function argumentAt({ registeredArguments }: Command, at: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[at] ?? (last?.variadic ? last : undefined);
}

async function valuesFor(
  { argChoices }: Option | Argument,
  others: () => ReturnType<ValuesOf>,
  partial: string,
  before: string,
): Promise<Completions> {
  const values = argChoices ?? (await others());
  if (values === 'files') return { kind: 'files', prefix: before };
  if (values === 'files after @') return { kind: 'files', prefix: `${before}@` };
  const completions = values.map((value) => ({ value: `${before}${value}`, description: '' }));
  return beginning(completions, `${before}${partial}`);
}

const beginning = (completions: readonly Completion[], partial: string): Completions => ({
  kind: 'values',
  values: completions.filter(({ value }) => value.startsWith(partial)),
});
