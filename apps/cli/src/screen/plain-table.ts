import { stripVTControlCharacters } from 'node:util';
import { colours } from '../terminal.ts';

export interface PlainColumn {
  readonly title: string;
  /** Columns with the lowest number go first where the width does not do, and an empty one always; without it a column stays. */
  readonly importance?: number;
  /** So much of it stays where the width still does not do; the rest is cut, with "…". */
  readonly least?: number;
}

const gap = '  ';

/** A table without lines, a row to a line, in so many columns of the terminal. The first line is its head. */
export function plainTable(
  columns: readonly PlainColumn[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const cells = columns.map((column, at) => ({
    column,
    title: column.title,
    cells: rows.map((row) => row[at] ?? ''),
    needs: Math.max(...[column.title, ...rows.map((row) => row[at] ?? '')].map(lengthOf)),
  }));
  const shown = fitting(cells.filter(saysSomething), width);
  const excess = totalOf(shown.map(({ needs }) => needs)) - width;
  const widths = shown.map(({ column, needs }) =>
    excess > 0 ? Math.max(leastOf(column, needs), needs - excess) : needs,
  );
  const lineOf = (texts: readonly string[]): string =>
    texts
      .map((text, at) => padded(text, widths[at] ?? 0))
      .join(gap)
      .trimEnd();
  return [
    colours.dim(lineOf(shown.map(({ title }) => title))),
    ...rows.map((_, at) => lineOf(shown.map((one) => one.cells[at] ?? ''))),
  ];
}

interface Cells {
  readonly column: PlainColumn;
  readonly title: string;
  readonly cells: readonly string[];
  readonly needs: number;
}

const saysSomething = ({ column, cells }: Cells): boolean =>
  column.importance === undefined || cells.some((cell) => cell !== '');

/** What is left when the least important columns were taken out until the others fit, at their least. */
function fitting(all: readonly Cells[], width: number): readonly Cells[] {
  if (totalOf(all.map(({ column, needs }) => leastOf(column, needs))) <= width) return all;
  const [first] = all
    .filter(({ column }) => column.importance !== undefined)
    .sort((a, b) => (a.column.importance ?? 0) - (b.column.importance ?? 0));
  return first === undefined
    ? all
    : fitting(
        all.filter((one) => one !== first),
        width,
      );
}

const leastOf = ({ least }: PlainColumn, needs: number): number => Math.min(least ?? needs, needs);

const totalOf = (widths: readonly number[]): number =>
  widths.reduce((sum, one) => sum + one, gap.length * (widths.length - 1));

/** Without colours. */
export const lengthOf = (text: string): number => stripVTControlCharacters(text).length;

/** Colours take no room; what is cut loses them. */
export const cutTo = (text: string, width: number): string =>
  lengthOf(text) <= width ? text : `${stripVTControlCharacters(text).slice(0, width - 1)}…`;

const padded = (text: string, width: number): string =>
  cutTo(text, width) + ' '.repeat(Math.max(0, width - lengthOf(text)));
