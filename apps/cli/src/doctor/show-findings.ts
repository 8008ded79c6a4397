import { colours } from '../terminal.ts';
import { wrapped } from '../wrapped.ts';
import type { Finding } from './check.ts';
import type { Checked } from './run-checks.ts';

const paints: Record<Finding['verdict'], (text: string) => string> = {
  ok: colours.green,
  skipped: colours.dim,
  warning: colours.yellow,
  problem: colours.red,
};

/** A line or more for each finding, by group; then how many there are that are to be mended. */
export function findingsText(findings: readonly Checked[], columns: number): string {
  const nameWidth = Math.max(...findings.map(({ name }) => name.length));
  const indent = 2 + 'problem'.length + 2 + nameWidth + 2;
  const textOf = (text: string): string =>
    wrapped(text, Math.max(30, columns - indent)).replaceAll('\n', `\n${' '.repeat(indent)}`);
  const linesOf = (finding: Checked): string[] => {
    const { verdict, name, what } = finding;
    const head = `  ${paints[verdict](verdict.padEnd(7))}  ${name.padEnd(nameWidth)}  ${textOf(what)}`;
    return 'mend' in finding
      ? [head, ' '.repeat(indent) + textOf(`To mend: ${finding.mend}.`)]
      : [head];
  };
  const groups = Object.entries(Object.groupBy(findings, ({ group }) => group));
  return [
    ...groups.flatMap(([group, own]) => [colours.bold(group), ...own.flatMap(linesOf)]),
    '',
    summaryOf(findings),
  ].join('\n');
}

function summaryOf(findings: readonly Checked[]): string {
  const count = (wanted: Finding['verdict']): number =>
    findings.filter(({ verdict }) => verdict === wanted).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  const counted = (number: number, what: string): string[] =>
    number === 0 ? [] : [`${number} ${what}${number === 1 ? '' : 's'}`];
  const wrong = [...counted(problems, 'problem'), ...counted(warnings, 'warning')];
  if (wrong.length === 0) return colours.green('nothing is wrong');
  return (problems > 0 ? colours.red : colours.yellow)(wrong.join(', '));
}
