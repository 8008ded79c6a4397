import { describe, expect, it } from 'vitest';
import { blockOf, shareRows } from './share-rows.ts';

const block = (name: string, wells: readonly boolean[]) =>
  blockOf([name, ...wells.map((well, at) => `${name} ${at} ${well ? 'well' : 'ill'}`)], wells);
const well = (count: number): boolean[] => new Array<boolean>(count).fill(true);

describe('blocks in little room', () => {
  it('stand whole, one below the other, where they fit', () => {
    expect(shareRows([block('a', well(1)), block('b', well(2))], 7)).toEqual([
      '',
      'a',
      'a 0 well',
      '',
      'b',
      'b 0 well',
      'b 1 well',
    ]);
  });

  it('leave out what is well, say how much, and give small blocks what they need', () => {
    expect(shareRows([block('a', well(1)), block('b', [true, true, false, true])], 7)).toEqual([
      ...['', 'a', 'a 0 well', '', 'b'],
      ...['b 2 ill', '… 3 more, all well'],
    ]);
  });

  it('say when there is more that is not well', () => {
    expect(shareRows([block('a', [false, false, false])], 4)).toEqual([
      '',
      'a',
      'a 0 ill',
      '… 2 more',
    ]);
  });

  it.each([3, 5, 8, 13, 24])('take %i rows at most', (rows) => {
    const blocks = [block('a', well(9)), block('b', well(12)), block('c', well(3))];
    expect(shareRows(blocks, rows).length).toBeLessThanOrEqual(Math.max(rows, 6));
  });
});
