import { isRefusal, type Issue } from '@samspill/fhir';
import type { EntryAnswer } from './entry-answer.ts';

/** One entry that was not taken in. `entry`: its index from 0; undefined for a whole body, or an Observation by itself. */
export interface RefusedEntry {
  readonly entry?: number | undefined;
  readonly status: number;
  readonly issues: readonly Issue[];
}

/** The entries of one call that were refused; one that was ignored, or whose outcome is unknown, is none. */
export const refusedEntries = (answers: readonly EntryAnswer[]): RefusedEntry[] =>
  answers.flatMap(({ status, issues }, entry) =>
    status >= 400 && status < 500 ? [{ entry, status, issues: issues.filter(isRefusal) }] : [],
  );

const toldMax = 20;

/** For the log: places and rules, which quote nothing of what was sent, of the first so many entries. */
export const toldRefusals = (refused: readonly RefusedEntry[]) => ({
  refused: refused.length,
  entries: refused.slice(0, toldMax).map(({ entry, status, issues }) => ({
    entry,
    status,
    problems: issues.slice(0, toldMax).map(({ code, place, rule }) => ({ code, place, rule })),
  })),
});
