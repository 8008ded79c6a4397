import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import picocolors from 'picocolors';

/** A person sits there: colours, bars and spinners make sense. */
export const isTerminal = (): boolean => process.stdout.isTTY && process.env['TERM'] !== 'dumb';

/** Colours where a terminal shows them; plain text in a pipe or with NO_COLOR. */
export const colours = picocolors;

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

function widthsOf(columns: readonly Column[], rows: readonly (readonly string[])[]): number[] {
  const natural = columns.map(({ title }, at) => {
    const cells = [title, ...rows.map((row) => row[at] ?? '')];
    return Math.max(...cells.map((cell) => stripVTControlCharacters(cell).length)) + padding;
  });
  const total = process.stdout.isTTY ? process.stdout.columns : widthWithoutTerminal;
  const fixed = natural.reduce((sum, width, at) => sum + (columns[at]?.share ? 0 : width), 0);
  const left = total - fixed - columns.length - 1;
  const shares = columns.reduce((sum, { share }) => sum + (share ?? 0), 0);
  return columns.map(({ share }, at) => {
    const width = natural[at] ?? padding;
    return share ? Math.max(14, Math.min(width, Math.floor((left * share) / shares))) : width;
  });
}

/** Breaks at spaces; a word longer than the line, such as a path, is cut: nothing of it is left out. */
export function wrapped(text: string, width: number): string {
  // Colours would be counted and cut.
  if (stripVTControlCharacters(text).length <= width) return text;
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    for (let rest = word; ; rest = rest.slice(width)) {
      const piece = rest.slice(0, width);
      const line = lines.at(-1) ?? '';
      if (line === '') lines[lines.length - 1] = piece;
      else if (line.length + 1 + piece.length <= width)
        lines[lines.length - 1] = `${line} ${piece}`;
      else lines.push(piece);
      if (rest.length <= width) break;
    }
  }
  return lines.join('\n');
}
