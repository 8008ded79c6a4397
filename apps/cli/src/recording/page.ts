import type { Command } from 'commander';
import { doingCommands, pathOf } from '../command-tree.ts';
import { shapeOf } from './normalise.ts';

/** One run, ready for the page. */
export interface Run {
  readonly command: string;
  readonly output: string;
  readonly exitCode: number;
}

const head = `# The commands, recorded

Every run below was made by \`npm run record\`, one after the other on one mesh, in a terminal of 100 columns. Times, ports,
positions and ids are put in place of those of the run; patients are synthetic. \`samspill COMMAND --help\` says what each option does.
`;

/** The page: a section for each command of the program, in its order. */
export const pageOf = (program: Command, runs: readonly Run[]): string =>
  [
    head,
    ...doingCommands(program).map((command) => {
      const own = runs.filter(({ command: typed }) => isRunOf(typed, command, program));
      return [
        `## \`${pathOf(command)}\`\n`,
        `${upperFirst(command.description())}.\n`,
        ...own.map(blockOf),
      ].join('\n');
    }),
  ].join('\n');

/** The innermost command that is typed. */
export const isRunOf = (typed: string, command: Command, program: Command): boolean =>
  doingCommands(program)
    .filter((one) => `${typed} `.startsWith(`${pathOf(one)} `))
    .includes(command);

const blockOf = ({ command, output, exitCode }: Run): string => {
  const ending = exitCode === 0 ? '' : `\nIt ends with exit code ${exitCode}.\n`;
  return `\`\`\`console\n$ ${command}\n${output}\n\`\`\`\n${ending}`;
};

const upperFirst = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/**
 * The new page, with blocks of the former one where they say the same: another count of records, or of bytes that are free, is
 * no change that a reader of the history wants to see.
 */
export function withoutNoise(now: string, former: string): string {
  const before = new Map(blocksIn(former).map((block) => [shapeOf(block), block]));
  return blocksIn(now).reduce((page, block) => {
    const known = before.get(shapeOf(block));
    return known === undefined ? page : page.replace(block, () => known);
  }, now);
}

export const blocksIn = (page: string): string[] =>
  [...page.matchAll(/```console\n\$ [^]*?\n```/g)].map(([block]) => block);
