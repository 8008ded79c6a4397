import { colours } from '../terminal.ts';

/** Lines below a head; those of what is not well are shown before others when there is not room for all. */
export interface RowBlock {
  readonly head: readonly string[];
  readonly lines: readonly string[];
  /** By line. */
  readonly isWell: readonly boolean[];
}

/** Of a table whose first line is its head. */
export const blockOf = (
  [head = '', ...lines]: readonly string[],
  isWell: readonly boolean[],
): RowBlock => ({
  head: [head],
  lines,
  isWell,
});

/** The blocks, one below the other and an empty line before each, in so many lines at most; empty blocks are left out. */
export function shareRows(all: readonly RowBlock[], rows: number): string[] {
  const blocks = all.filter(({ lines }) => lines.length > 0);
  const room = rows - blocks.reduce((sum, { head }) => sum + 1 + head.length, 0);
  const shares = sharesOf(
    blocks.map(({ lines }) => lines.length),
    room,
  );
  return blocks.flatMap((block, at) => ['', ...block.head, ...cut(block, shares[at] ?? 0)]);
}

/** What each gets of the room: all it needs where that is no more than its fair part, and what is left to the others. */
function sharesOf(needs: readonly number[], room: number): number[] {
  const shares = needs.map(() => 0);
  let left = Math.max(0, room);
  const bySize = needs.map((need, at) => ({ need, at })).sort((a, b) => a.need - b.need);
  for (const [done, { need, at }] of bySize.entries()) {
    const fair = Math.floor(left / (bySize.length - done));
    shares[at] = Math.min(need, fair);
    left -= shares[at];
  }
  return shares;
}

function cut({ lines, isWell }: RowBlock, rows: number): readonly string[] {
  if (lines.length <= rows) return lines;
  if (rows < 1) return [];
  const inNeed = lines.map((line, at) => ({ line, at, well: isWell[at] ?? true }));
  const kept = inNeed
    .toSorted((a, b) => Number(a.well) - Number(b.well) || a.at - b.at)
    .slice(0, rows - 1)
    .sort((a, b) => a.at - b.at);
  const more = lines.length - kept.length;
  const wellToo = inNeed.filter((one) => !kept.includes(one)).every(({ well }) => well);
  return [
    ...kept.map(({ line }) => line),
    colours.dim(`… ${more} more${wellToo ? ', all well' : ''}`),
  ];
}
