import { describe, expect, it } from 'vitest';
import { timeRange } from './time-range.ts';

const shown = (text: string) => {
  const range = timeRange(text);
  return range && [new Date(range.from).toISOString(), new Date(range.to).toISOString()];
};

describe('the span that a FHIR date names', () => {
  it.each([
    ['2026', '2025-12-31T23:00:00.000Z', '2026-12-31T23:00:00.000Z'],
    ['2026-07', '2026-06-30T22:00:00.000Z', '2026-07-31T22:00:00.000Z'],
    ['2026-12', '2026-11-30T23:00:00.000Z', '2026-12-31T23:00:00.000Z'],
    ['2026-01-05', '2026-01-04T23:00:00.000Z', '2026-01-05T23:00:00.000Z'],
    ['2024-02-29', '2024-02-28T23:00:00.000Z', '2024-02-29T23:00:00.000Z'],
    ['2026-01-05T10:00Z', '2026-01-05T10:00:00.000Z', '2026-01-05T10:01:00.000Z'],
    ['2026-01-05T10:00:30+01:00', '2026-01-05T09:00:30.000Z', '2026-01-05T09:00:31.000Z'],
    ['2026-01-05T00:15:00-05:30', '2026-01-05T05:45:00.000Z', '2026-01-05T05:45:01.000Z'],
    ['2026-01-05T10:00:30.25Z', '2026-01-05T10:00:30.250Z', '2026-01-05T10:00:30.251Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z', '0001-01-01T00:00:01.000Z'],
  ])('%s has the length of its precision', (text, from, to) => {
    expect(shown(text)).toEqual([from, to]);
  });

  it.each(['2026-03-29', '2026-10-25'])('%s, when clocks change, is 23 or 25 hours', (text) => {
    const range = timeRange(text);
    const hours = ((range?.to ?? 0) - (range?.from ?? 0)) / 3_600_000;
    expect(hours).toBe(text === '2026-03-29' ? 23 : 25);
  });

  it.each([
    '',
    'yesterday',
    '2026-13',
    '2025-02-29',
    '2026-00-10',
    '0000',
    '2026-01-05T10:00',
    '2026-01-05T24:00:00Z',
    '2026-01-05T10:60:00Z',
    '2026-01-05T10:00:00+15:00',
    '2026-01-05 10:00:00Z',
    ' 2026',
  ])('%j is no date', (text) => {
    expect(timeRange(text)).toBeUndefined();
  });
});
