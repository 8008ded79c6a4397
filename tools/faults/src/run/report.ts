import type { Finding } from '../checks/check.ts';
import { timelineAround } from '../history/timeline.ts';
import type { RunResult } from './result.ts';
import type { FaultRun } from './run-faults.ts';

const shownPerCheck = 3;

const seconds = (ms: number | undefined): string =>
  ms === undefined ? 'not seen' : `${(ms / 1_000).toFixed(1)} s`;

/** The numbers of a run, a line each. */
export function wordsOf({
  totals,
  faultCount,
  endedByThemselves,
  longest,
  notRun,
}: RunResult): string {
  const rows: [string, string | number][] = [
    ['faults', faultCount],
    ['acknowledged', totals.acknowledged],
    ['lost', totals.lost],
    ['applied twice', totals.appliedTwice],
    ['out of order', totals.outOfOrder],
    ['phantoms', totals.phantoms],
    ['reads', `${totals.reads}, of them waiting for a write ${totals.readsAfter}`],
    ['shreds, closings, openings', `${totals.shreds}, ${totals.closings}, ${totals.openings}`],
    ['longest stall', seconds(totals.longestStallMs)],
    [
      'longest takeover',
      `${seconds(longest.takeoverMs.any)}; of a fault alone ${seconds(longest.takeoverMs.alone)}`,
    ],
    [
      'longest until publishing goes on',
      `${seconds(longest.publishingMs.any)}; of a fault alone ${seconds(longest.publishingMs.alone)}`,
    ],
    [
      'longest recovery',
      `${seconds(longest.recoveryMs.any)}; of a fault alone ${seconds(longest.recoveryMs.alone)}`,
    ],
    ['ended by themselves', endedByThemselves],
    ...Object.entries(notRun).map(([name, why]): [string, string] => [`not run: ${name}`, why]),
  ];
  return rows.map(([name, value]) => `  ${name.padEnd(34)} ${value}`).join('\n');
}

/** What is broken, a few of each check, each with what happened around it. */
export function failureOf({ findings, evidence }: Pick<FaultRun, 'findings' | 'evidence'>): string {
  return [...Map.groupBy(findings, ({ check }) => check)]
    .map(([check, found]) => {
      const shown = found.slice(0, shownPerCheck).map((one) => findingOf(one, evidence.history));
      const more =
        found.length > shownPerCheck ? [`  … and ${found.length - shownPerCheck} more`] : [];
      return [`✗ ${check}: ${found.length}`, ...shown, ...more].join('\n');
    })
    .join('\n\n');
}

function findingOf(finding: Finding, history: FaultRun['evidence']['history']): string {
  const { message, patient, eventId, position, at } = finding;
  const where = Object.entries({ patient, event: eventId, position })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  const around = at === undefined ? [] : timelineAround(history, { at, patient });
  return [`  ${message}`, `    ${where}`, ...around.map((line) => `    ${line}`)].join('\n');
}
