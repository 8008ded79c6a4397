import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { wardView, type WardOverview } from './ward-view.ts';

const sign: WardOverview['vitalSigns'][number] = {
  name: 'Respirasjonsfrekvens',
  value: { text: '10.25', unit: 'mmol/L' },
  missing: null,
  ranges: [{ low: '100.0', high: '104.0' }],
  outOfRange: 'low',
  preliminary: true,
  measured: { ageSeconds: 40_000 },
  source: { organisation: '310000019' },
  components: [],
  versions: 1,
};
const overview: WardOverview = {
  asOf: '2026-01-05T11:00:00.000Z',
  vitalSigns: [sign],
  news2: null,
  trends: [],
  retracted: [],
  readModel: { lagRecords: 3 },
};

/** Colours depend on where it runs. */
const screen = (of: WardOverview): string => stripVTControlCharacters(wardView(of));

it('the screen fits a terminal of 80 columns', () => {
  const lines = screen(overview).split('\n');
  expect(lines.join('\n')).toMatch(/Respirasjonsfrekvens +10\.25 mmol\/L \(low\) +100\.0 – 104\.0/);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

it('a value that is missing is shown with the reason that was sent', () => {
  const missing = { ...sign, value: null, missing: 'not-performed', outOfRange: 'unknown' };
  expect(screen({ ...overview, vitalSigns: [missing] })).toContain('missing: not-performed');
});

it('how far the read model is behind is told, also when that is not known', () => {
  const last = (lagRecords: number | null): string | undefined =>
    screen({ ...overview, readModel: { lagRecords } })
      .split('\n')
      .at(-1);
  expect(last(0)).toBe('the read model holds all of the log');
  expect(last(3)).toMatch(/holds that write; 3 others/);
  expect(last(null)).toMatch(/not known/);
});
