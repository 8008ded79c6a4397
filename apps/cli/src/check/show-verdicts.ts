import { colours, tableOf } from '../terminal.ts';
import type { EntryVerdict } from './judge-payload.ts';

const columns = [
  { title: 'file', share: 2 },
  { title: 'entry' },
  { title: 'verdict' },
  { title: 'status' },
  { title: 'place', share: 3 },
  { title: 'rule', share: 4 },
  { title: 'mend', share: 4 },
];

/** A line for each issue; a line for what has none. */
export function verdictTable(verdicts: readonly EntryVerdict[]): string {
  const rows = verdicts.flatMap(({ file, entry, outcome, status, issues }) => {
    const verdict = [
      file,
      entry === undefined ? '' : String(entry),
      paint[outcome](outcome),
      String(status),
    ];
    if (issues.length === 0) return [[...verdict, '', '', '']];
    return issues.map(({ place, rule, mend }, at) => [
      ...(at === 0 ? verdict : ['', '', '', '']),
      place ?? '',
      rule,
      mend,
    ]);
  });
  return tableOf(columns, rows);
}

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
