/** What a command's exit code says. The README and the help of every command show the same table. */
export const exitCodes = {
  done: 0,
  refused: 1,
  usage: 2,
  away: 3,
  fault: 4,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  done: 'done, nothing against it',
  refused: 'refused, or a problem was found',
  usage: 'wrong usage',
  away: 'a part of the mesh is away',
  fault: 'a fault of this program: report it',
};
