import { toldProblem } from '@samspill/kernel';
import { exitCodes, type ExitCode } from './exit-codes.ts';

/** What is wrong, and how to mend it; no patient in any of it. */
export interface CommandProblem {
  /** For programs: of the error catalogue, or one of {@link usualCodes}, or a service's own word. */
  readonly code: string;
  readonly place: string;
  readonly rule: string;
  readonly mend: string;
}

/** Of a failure that has no code of its own. */
export const usualCodes: Readonly<Record<Exclude<ExitCode, 0>, string>> = {
  [exitCodes.refused]: 'REFUSED',
  [exitCodes.usage]: 'USAGE',
  [exitCodes.away]: 'NO_ANSWER',
  [exitCodes.fault]: 'FAULT',
};

type GivenProblem = Omit<CommandProblem, 'code'> & { readonly code?: string };

/** A command ends early: a line for each problem, which names place, rule and mend. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly problems: readonly CommandProblem[];

  constructor(
    readonly exitCode: Exclude<ExitCode, 0>,
    given: GivenProblem | readonly GivenProblem[],
    cause?: unknown,
  ) {
    const problems = [given].flat();
    super(problems.map(toldProblem).join('\n'), cause === undefined ? undefined : { cause });
    this.problems = problems.map((one) => ({ code: usualCodes[exitCode], ...one }));
  }
}
