import { remarkLine } from '../intake/intake-answer.ts';
import { colours } from '../terminal.ts';
import type { EntryVerdict } from './judge-payload.ts';

/** A line for each entry, and one below it for each reason or remark. */
export const verdictLines = (verdicts: readonly EntryVerdict[]): string[] =>
  verdicts.flatMap(({ file, entry, outcome, status, issues }) => [
    `${file}${entry === undefined ? '' : ` entry ${entry}`}: ${paint[outcome](outcome)} (${status})`,
    ...issues.map(remarkLine),
  ]);

const paint = { accepted: colours.green, ignored: colours.dim, refused: colours.red };

/** `2 payloads: 14 accepted (3 with remarks), 1 ignored, 2 refused` */
export function verdictSummary(verdicts: readonly EntryVerdict[]): string {
  const of = (outcome: EntryVerdict['outcome']) =>
    verdicts.filter((one) => one.outcome === outcome);
  const payloads = new Set(verdicts.map(({ file }) => file)).size;
  const remarked = of('accepted').filter(({ issues }) => issues.length > 0).length;
  return [
    `${payloads} ${payloads === 1 ? 'payload' : 'payloads'}: ${of('accepted').length} accepted`,
    remarked > 0 ? ` (${remarked} with remarks)` : '',
    `, ${of('ignored').length} ignored, ${of('refused').length} refused`,
  ].join('');
}
