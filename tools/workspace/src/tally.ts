/** How one step ended: checks and tests by number, what failed by name. */
export interface Tally {
  readonly passed: number;
  readonly skipped: number;
  readonly failed: readonly string[];
}

export const passedOne: Tally = { passed: 1, skipped: 0, failed: [] };
export const failedOne = (name: string): Tally => ({ passed: 0, skipped: 0, failed: [name] });

export const addUp = (tallies: readonly Tally[]): Tally => ({
  passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
  skipped: tallies.reduce((sum, { skipped }) => sum + skipped, 0),
  failed: tallies.flatMap(({ failed }) => failed),
});

/** True when something was checked and nothing failed. */
export const isGood = ({ passed, failed }: Tally): boolean => passed > 0 && failed.length === 0;

/** The names of what failed, what was left out, and the sum as the last line. */
export const report = (tally: Tally): string =>
  [
    ...(tally.failed.length > 0 ? ['', 'Failed:', ...tally.failed.map((name) => `  ${name}`)] : []),
    ...(tally.skipped > 0 ? [`${tally.skipped} skipped`] : []),
    `${tally.passed} passed, ${tally.failed.length} failed`,
  ].join('\n');
