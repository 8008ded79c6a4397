import { describe, expect, it } from 'vitest';
import { tableOf } from './terminal.ts';
import { wrapped } from './wrapped.ts';

describe('a table', () => {
  it('breaks lines at spaces and cuts a word that is longer than the line', () => {
    expect(wrapped('a rule in words', 8)).toBe('a rule\nin words');
    expect(wrapped('/a/very/long/path', 8)).toBe('/a/very/\nlong/pat\nh');
    expect(wrapped('see /a/very/long/path', 8)).toBe('see\n/a/very/\nlong/pat\nh');
  });

  it('leaves nothing out', () => {
    const place = 'Bundle.entry[12].resource.component[3].valueQuantity.value';
    const rule = 'a rule that takes many words to say '.repeat(8).trim();
    const table = tableOf(
      [
        { title: 'place', share: 1 },
        { title: 'rule', share: 1 },
      ],
      [[place, rule]],
    );
    const cells = table.split('\n').map((line) => line.split('│'));
    const column = (at: number): string[] => cells.map((cell) => (cell[at] ?? '').trim());
    expect(column(1).join('')).toContain(place);
    expect(column(2).join(' ').replace(/\s+/g, ' ')).toContain(rule);
    expect(table).not.toContain('…');
  });
});
