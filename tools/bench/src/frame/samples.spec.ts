import { describe, expect, it } from 'vitest';
import { figureOf, Samples } from './samples.ts';

describe('samples', () => {
  it('are told by least, median and greatest, also where their count is even', () => {
    expect(figureOf('rate', 'rows/s', [30, 10, 20])).toMatchObject({
      min: 10,
      median: 20,
      max: 30,
    });
    expect(figureOf('rate', 'rows/s', [10, 40, 20, 30])).toMatchObject({ median: 25 });
  });

  it('keep the order of the runs, and no digits that are noise', () => {
    expect(figureOf('time', 's', [1.23456, 0.5]).samples).toEqual([1.235, 0.5]);
    expect(figureOf('rate', 'rows/s', [83_093.4]).samples).toEqual([83_093]);
  });

  it('are gathered for each contender in each setting', () => {
    const samples = new Samples();
    const rate = (value: number) => [{ name: 'rate', unit: 'rows/s', value }];
    samples.add({ contender: 'ours', setting: { process: 'cold' } }, rate(1));
    samples.add({ contender: 'ours', setting: { process: 'warm' } }, rate(2));
    samples.add({ contender: 'ours', setting: { process: 'cold' } }, rate(3));
    samples.fail({ contender: 'peer', setting: {} }, '3 rows of 100 are wrong');
    expect(
      samples
        .results()
        .map(({ contender, setting, figures, failures }) => [
          contender,
          setting,
          figures.map((one) => one.samples),
          failures,
        ]),
    ).toEqual([
      ['ours', { process: 'cold' }, [[1, 3]], []],
      ['ours', { process: 'warm' }, [[2]], []],
      ['peer', {}, [], ['3 rows of 100 are wrong']],
    ]);
  });
});
