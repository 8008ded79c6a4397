import { SamspillError } from '@samspill/kernel';
import { SchemaSourceError } from '@samspill/schema-source';
import { CommanderError } from 'commander';
import { exitCodes, type ExitCode } from './exit-codes.ts';

/** A command ends early. The message is one line that names place, rule and mend, and no patient. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

export interface Ending {
  readonly exitCode: number;
  /** Undefined when what there is to say was said. */
  readonly line: string | undefined;
}

/** How a command ends that threw. */
export function endingOf(error: unknown): Ending {
  if (error instanceof CommanderError) {
    // Help and version end with 0; commander itself said what was wrong otherwise.
    const exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    return { exitCode, line: undefined };
  }
  if (error instanceof CommandFailure) return { exitCode: error.exitCode, line: error.message };
  if (error instanceof SamspillError) {
    return { exitCode: error.retriable ? exitCodes.away : exitCodes.refused, line: error.message };
  }
  if (error instanceof SchemaSourceError) {
    return { exitCode: exitCodes.refused, line: oneLine(error.message) };
  }
  const message = error instanceof Error ? error.message : String(error);
  const line = `unexpected: ${oneLine(message)}. To mend: run it again with --debug and report what it shows.`;
  return { exitCode: exitCodes.refused, line };
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, '; ');
