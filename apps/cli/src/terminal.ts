import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import picocolors from 'picocolors';
import { fitted, wrapped } from './wrapped.ts';

/** A person sits there: colours, bars and spinners make sense. */
export const isTerminal = (): boolean => process.stdout.isTTY && process.env['TERM'] !== 'dumb';

/** Colours where a terminal shows them; plain text in a pipe, also under CI, or with NO_COLOR. */
export const colours = picocolors.createColors(
  picocolors.isColorSupported && (process.stdout.isTTY || process.env['FORCE_COLOR'] !== undefined),
);

/** What a command answers: as JSON for a program, else in words, if there are any. */
export function printAnswer(json: boolean, answer: unknown, words: string): void {
  if (json) console.log(JSON.stringify(answer, undefined, 2));
  else if (words !== '') say(words);
}

/** Prints words for a person: long lines break at spaces where a terminal is. */
export const say = (words: string): void => console.log(fittedTo(process.stdout, words));

/** The same on standard error. */
export const warn = (words: string): void => console.error(fittedTo(process.stderr, words));

const fittedTo = (stream: NodeJS.WriteStream, words: string): string =>
  stream.isTTY ? fitted(words, stream.columns) : words;

const widthWithoutTerminal = 160;

export interface Column {
  readonly title: string;
  /** Share of the width that is left over; without it the column is as wide as its content. */
  readonly share?: number;
}

/** A table that fits the terminal's width. */
export function tableOf(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = widthsOf(columns, rows);
  const table = new Table({
    head: columns.map(({ title }) => title),
    colWidths: widths,
    style: { head: [], border: [], compact: true },
  });
  const fitted = (cell: string, at: number): string =>
    columns[at]?.share ? wrapped(cell, (widths[at] ?? 0) - padding) : cell;
  table.push(...rows.map((row) => row.map(fitted)));
  return table.toString();
}

const padding = 2;
const widthMin = 14;

function widthsOf(columns: readonly Column[], rows: readonly (readonly string[])[]): number[] {
  const natural = columns.map(({ title }, at) => {
    const cells = [title, ...rows.map((row) => row[at] ?? '')];
    return Math.max(...cells.map((cell) => stripVTControlCharacters(cell).length)) + padding;
  });
  const total = process.stdout.isTTY ? process.stdout.columns : widthWithoutTerminal;
  const widths = columns.map(({ share }, at) => (share ? undefined : natural[at]));
  // Narrow columns take what they need first; the others divide what that leaves.
  for (;;) {
    const open = columns.flatMap(({ share }, at) =>
      share && widths[at] === undefined ? [{ at, share, need: natural[at] ?? 0 }] : [],
    );
    const shares = open.reduce((sum, { share }) => sum + share, 0);
    const used = widths.reduce<number>((sum, width) => sum + (width ?? 0), columns.length + 1);
    const fair = (share: number): number => Math.floor(((total - used) * share) / shares);
    const narrow = open.filter(({ share, need }) => need <= fair(share));
    for (const { at, need } of narrow) widths[at] = need;
    if (narrow.length > 0) continue;
    for (const { at, share } of open) widths[at] = Math.max(widthMin, fair(share));
    return widths.map((width) => width ?? widthMin);
  }
}
