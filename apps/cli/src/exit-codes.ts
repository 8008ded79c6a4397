/** What a command's exit code says; shown in the help of every command. */
export const exitCodes = {
  done: 0,
  refused: 1,
  usage: 2,
  away: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const exitCodesHelp = `
Exit codes:
  0  done, nothing against it
  1  refused, or a problem was found
  2  wrong usage
  3  a part of the mesh is away`;

/** What stands below the options in a command's help. */
export const helpBelow = (examples = ''): string =>
  examples === '' ? exitCodesHelp : `${examples}\n${exitCodesHelp}`;
