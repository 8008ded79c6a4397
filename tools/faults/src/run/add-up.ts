import type { RunResult } from './result.ts';

const seconds = (ms: number | undefined): string =>
  ms === undefined ? '' : (ms / 1_000).toFixed(1);

/** Headings, and what stands below them for a run. */
const columns: readonly (readonly [string, (run: RunResult) => string])[] = [
  ['seed', ({ seed }) => String(seed)],
  ['date', ({ date }) => date.slice(0, 10)],
  ['commit', ({ commit }) => commit],
  ['minutes', ({ minutes }) => String(minutes)],
  ['at once', ({ atOnce }) => String(atOnce)],
  ['faults', ({ faultCount }) => String(faultCount)],
  ['acknowledged', ({ totals }) => String(totals.acknowledged)],
  ['lost', ({ totals }) => String(totals.lost)],
  ['applied twice', ({ totals }) => String(totals.appliedTwice)],
  ['out of order', ({ totals }) => String(totals.outOfOrder)],
  ['broken promises', ({ totals }) => String(totals.findings)],
  ['longest stall, s', ({ totals }) => seconds(totals.longestStallMs)],
  ['longest takeover, s', ({ longest }) => seconds(longest.takeoverMs.any)],
  ['longest until publishing, s', ({ longest }) => seconds(longest.publishingMs.any)],
  ['longest recovery, s', ({ longest }) => seconds(longest.recoveryMs.any)],
  ['ended by themselves', ({ endedByThemselves }) => String(endedByThemselves)],
];

/** The runs one by one, and what they come to together, as a page. */
export function addUp(runs: readonly RunResult[]): string {
  const sum = (of: (run: RunResult) => number): number =>
    runs.reduce((total, run) => total + of(run), 0);
  const rows = runs.map((run) => columns.map(([, cell]) => cell(run)));
  return `# Results of fault runs

${runs.length} runs of \`npm run faults -- --record\`: **${sum((run) => run.faultCount)} faults**, ${sum(({ totals }) => totals.acknowledged)} acknowledged operations,
lost ${sum(({ totals }) => totals.lost)}, applied twice ${sum(({ totals }) => totals.appliedTwice)}, out of order ${sum(({ totals }) => totals.outOfOrder)}, broken promises ${sum(({ totals }) => totals.findings)}.
Written by the runs themselves. Each file holds its faults by kind; the seed gives the same faults again.

${table([columns.map(([heading]) => heading), ...rows])}
`;
}

function table(rows: readonly (readonly string[])[]): string {
  const [heading = [], ...rest] = rows;
  const widths = heading.map((_, at) => Math.max(3, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(heading), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join(
    '\n',
  );
}
