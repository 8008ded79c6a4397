import { SamspillError, toldProblem } from '@samspill/kernel';
import { SchemaSourceError } from '@samspill/schema-source';
import { CommanderError } from 'commander';
import { CommandFailure, usualCodes, type CommandProblem } from './command-failure.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';

export interface Ending {
  readonly exitCode: ExitCode;
  /** For a person; undefined when what there is to say was said. */
  readonly line: string | undefined;
  /** For a program; none where nothing is wrong. */
  readonly problems: readonly CommandProblem[];
}

/** How a command ends that threw. */
export function endingOf(error: unknown): Ending {
  if (error instanceof CommanderError) return endingOfUsage(error);
  if (error instanceof CommandFailure) {
    return { exitCode: error.exitCode, line: error.message, problems: error.problems };
  }
  if (error instanceof SamspillError) {
    const { code, place = code, rule, mend, message } = error;
    const exitCode = error.retriable ? exitCodes.away : exitCodes.refused;
    return { exitCode, line: message, problems: [{ code, place, rule, mend }] };
  }
  if (error instanceof SchemaSourceError) {
    const { file, problem, mend, message } = error;
    const place = `schemas/${file}, which ${oneLine(problem)}`;
    const told = { place, rule: 'schemas can be read', mend };
    return endingBy(exitCodes.refused, told, oneLine(message));
  }
  const message = error instanceof Error ? error.message : String(error);
  const place = `a fault of this program: ${oneLine(message)}`;
  const mend = 'run it again with --debug and report what it shows';
  const problem = { place, rule: 'this program has no faults', mend };
  return endingBy(exitCodes.fault, problem, `${place}. To mend: ${mend}.`);
}

/** Commander itself said what was wrong; help ends with 0. */
function endingOfUsage({ exitCode, code, message }: CommanderError): Ending {
  if (exitCode === 0) return { exitCode: exitCodes.done, line: undefined, problems: [] };
  const [said = '', hint = ''] = message.replace(/^error: /, '').split('\n');
  const problem = {
    // Of help that was shown since no command was named, the message is a mark of commander's own.
    place: code === 'commander.help' ? 'no command is named' : said,
    rule: 'the command line is as --help shows',
    mend: hint.replace(/[()]/g, '') || 'see --help',
  };
  return { ...endingBy(exitCodes.usage, problem), line: undefined };
}

const endingBy = (
  exitCode: Exclude<ExitCode, 0>,
  problem: Omit<CommandProblem, 'code'>,
  line = toldProblem(problem),
): Ending => ({ exitCode, line, problems: [{ code: usualCodes[exitCode], ...problem }] });

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, '; ');
