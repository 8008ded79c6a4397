import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { commitOf } from '@samspill/testing';
import { addUp } from './add-up.ts';
import type { FaultRecord } from './hold-fault.ts';
import { atOnceUsual } from './inject-faults.ts';
import type { FaultRun } from './run-faults.ts';

/** A run in numbers, as `results/` keeps it. Times in milliseconds. */
export interface RunResult extends Pick<FaultRun, 'totals' | 'endedByThemselves' | 'notRun'> {
  readonly seed: string | number;
  readonly minutes: number;
  /** Faults that held at the same time at most. */
  readonly atOnce: number;
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
  readonly faultCount: number;
  readonly faults: Readonly<Record<string, number>>;
  /** Over all faults; and over those alone that no other one touched, since two at once take longer. */
  readonly longest: Readonly<Record<Measure, { readonly any?: number; readonly alone?: number }>>;
  readonly failed: readonly string[];
}

type Measure = 'takeoverMs' | 'publishingMs' | 'recoveryMs';

const greatest = (values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
};

const longestOf = (records: readonly FaultRecord[], measure: Measure) => {
  const any = greatest(records.map((record) => record[measure]));
  const alone = greatest(records.filter((one) => one.alone).map((record) => record[measure]));
  return { ...(any !== undefined && { any }), ...(alone !== undefined && { alone }) };
};

export function resultOf(
  { records, findings, totals, endedByThemselves, notRun }: FaultRun,
  {
    seed,
    minutes,
    atOnce = atOnceUsual,
  }: Pick<RunResult, 'seed' | 'minutes'> & { readonly atOnce?: number },
): RunResult {
  const names = records.map(({ fault }) => fault).sort();
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return {
    seed,
    minutes,
    atOnce,
    date: new Date().toISOString(),
    commit: commitOf(import.meta.dirname),
    machine: `${process.platform} ${process.arch}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, shared with the mesh`,
    faultCount: records.length,
    faults: Object.fromEntries(counts),
    notRun,
    totals,
    endedByThemselves,
    longest: {
      takeoverMs: longestOf(records, 'takeoverMs'),
      publishingMs: longestOf(records, 'publishingMs'),
      recoveryMs: longestOf(records, 'recoveryMs'),
    },
    failed: [...new Set(findings.map(({ check }) => check))],
  };
}

/** Where results are kept. */
export const resultsFolder = join(import.meta.dirname, '../../results');

/** Writes it beside the others, and the page that adds them up; answers with the file. */
export function recordResult(result: RunResult): string {
  mkdirSync(resultsFolder, { recursive: true });
  const file = join(resultsFolder, `${result.date.slice(0, 10)}-seed-${result.seed}.json`);
  writeFileSync(file, `${JSON.stringify(result, undefined, 2)}\n`);
  const files = readdirSync(resultsFolder).filter((name) => name.endsWith('.json'));
  const runs = files
    .sort()
    .map((name) => JSON.parse(readFileSync(join(resultsFolder, name), 'utf8')) as RunResult);
  writeFileSync(join(resultsFolder, 'README.md'), addUp(runs));
  return file;
}
