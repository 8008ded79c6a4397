import { describe, expect, it } from 'vitest';
import { cutTo, plainTable } from './plain-table.ts';

const columns = [
  { title: 'part' },
  { title: 'health', least: 6 },
  { title: 'address', importance: 2 },
  { title: 'process', importance: 1 },
  { title: 'last error', importance: 3 },
];
const rows = [
  ['kafka', 'ready', '127.0.0.1:19092', '17', ''],
  ['measurements', 'not ready: database', '127.0.0.1:7411', '4711', ''],
];
const shown = (width: number): string[] => plainTable(columns, rows, width);

describe('a plain table', () => {
  it('shows all that says something where there is room', () => {
    expect(shown(Infinity)).toEqual([
      'part          health               address          process',
      'kafka         ready                127.0.0.1:19092  17',
      'measurements  not ready: database  127.0.0.1:7411   4711',
    ]);
  });

  it('cuts what may be cut, then leaves out what matters least', () => {
    expect(shown(51)[2]).toBe('measurements  not ready:…  127.0.0.1:7411   4711');
    expect(shown(40)[2]).toBe('measurements  not read…  127.0.0.1:7411');
    expect(shown(34)[2]).toBe('measurements  not ready: database');
    expect(shown(30)[2]).toBe('measurements  not ready: data…');
  });

  it.each([20, 26, 33, 38, 47, 59, 80])('fits into %i columns', (width) => {
    expect(Math.max(...shown(width).map(({ length }) => length))).toBeLessThanOrEqual(width);
  });
});

it('a line is cut by what is seen of it: colours take no room', () => {
  expect(cutTo('\u001b[31mred\u001b[39m', 3)).toBe('\u001b[31mred\u001b[39m');
  expect(cutTo('\u001b[31mreddish\u001b[39m', 4)).toBe('red…');
});
