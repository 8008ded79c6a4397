import { describe, expect, it } from 'vitest';
import type { BenchmarkResult } from '../frame/result.ts';
import { reached } from '../frame/results.sample.ts';
import { drawPlot } from './draw-plot.ts';
import { pageOf } from './page.ts';

const result: BenchmarkResult = {
  benchmark: 'race',
  title: 'who is first',
  asks: 'Who writes rows sooner?',
  date: '2026-11-24T12:00:00.000Z',
  commit: 'abc1234',
  quick: false,
  runs: 3,
  seconds: 90,
  machine: { cores: 2, processor: 'some processor', memoryGiB: 24, kernel: 'Linux 6' },
  versions: { Kafka: '4.3.1' },
  setting: { rows: 1_000_000 },
  contenders: [
    reached('ours', { process: 'warm' }, 80_000, 90_000, 100_000),
    { ...reached('peer', { process: 'warm' }, 70_000), failures: ['2 rows of 100 are wrong'] },
  ],
  goals: [
    {
      text: 'at the rate of the peer or better',
      holds: true,
      found: [
        { setting: { process: 'warm' }, holds: true, value: 90_000, against: 70_000, ratio: 1.29 },
      ],
    },
    { text: 'less memory', holds: null, found: [] },
  ],
  notRun: { other: 'it is not downloaded' },
};

describe('the page of results', () => {
  const page = pageOf([
    { result, plots: [{ title: 'rows', file: 'race-rows.svg' }], profiles: [] },
  ]);

  it.each([
    ['the numbers of each contender', '| ours | process warm | 90,000 (80,000–100,000) |'],
    ['a goal that is met, with what was found', '| yes | process warm: 90,000 to 70,000 = 1.29 |'],
    ['a goal that could not be judged', '| less memory | not measured |  |'],
    ['who did not run, and why', 'Not run: other, it is not downloaded.'],
    ['a run that failed', '**Failed:** peer, process warm: 2 rows of 100 are wrong'],
    ['date, commit and machine', '2026-11-24, commit abc1234, 3 runs in 2 min.'],
    ['its plots', '![rows](race-rows.svg)'],
  ])('tells %s', (_, text) => {
    expect(page).toContain(text);
  });

  it('warns of a quick run', () => {
    const quick = { result: { ...result, quick: true }, plots: [], profiles: [] };
    expect(pageOf([quick])).toContain('its numbers say nothing');
    expect(page).not.toContain('its numbers say nothing');
  });
});

describe('a plot', () => {
  const plot = { name: 'rows', title: 'Rows', figure: 'rate' };

  it('is an SVG that names each contender with its median', () => {
    const svg = drawPlot(plot, result.contenders);
    expect(svg).toMatch(/^<svg /);
    for (const text of ['ours: process warm', '90,000', 'peer: process warm', '70,000', 'rows/s']) {
      expect(svg).toContain(text);
    }
  });

  it('leaves out other settings, and contenders without the figure', () => {
    const svg = drawPlot({ ...plot, where: { process: 'cold' } }, result.contenders);
    expect(svg).not.toContain('ours');
    expect(drawPlot({ ...plot, figure: 'memory' }, result.contenders)).toContain('not measured');
  });
});
