import { within } from '@samspill/kernel';
import { endingOf } from '../ending.ts';
import { problem, skipped, type Check, type Finding, type ServerName } from './check.ts';

/** What one check found; part of what `samspill doctor --json` answers. */
export type Checked = Finding & { readonly name: string; readonly group: Check['group'] };

export interface RunOptions {
  /** For each check, once what it needs was asked. */
  readonly limitMs: number;
  /** Whether a server answers. */
  readonly answers: (server: ServerName) => Promise<boolean>;
  /** Called after each, with how many are done. */
  readonly onDone?: (done: number) => void;
}

/** Runs all checks at once; answers in their order. One that takes too long, or fails, is a problem of its own. */
export async function runChecks(
  checks: readonly Check[],
  { limitMs, answers, onDone }: RunOptions,
): Promise<Checked[]> {
  let done = 0;
  const found = await Promise.all(
    checks.map(async (check) => {
      const findings = await findingsOf(check, limitMs, answers);
      done += 1;
      onDone?.(done);
      return findings.map((one) => ({ name: check.name, group: check.group, ...one }));
    }),
  );
  return found.flat();
}

async function findingsOf(
  check: Check,
  limitMs: number,
  answers: RunOptions['answers'],
): Promise<readonly Finding[]> {
  const { needs = [] } = check;
  const there = await Promise.all(needs.map(answers));
  const away = needs.filter((_, at) => !there[at]);
  if (away.length > 0) return [skipped(`not looked at, since ${away.join(' and ')} is away`)];
  try {
    const found = await within(limitMs, Promise.resolve(check.look()));
    return found ?? [problem(`no answer within ${limitMs / 1000} s`, 'run samspill doctor again')];
  } catch (error) {
    return endingOf(error).problems.map(({ code, place, rule, mend }) =>
      problem(`${code}: ${place}: expected that ${rule}`, mend),
    );
  }
}
