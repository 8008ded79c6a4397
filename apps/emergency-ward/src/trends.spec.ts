import { describe, expect, it } from 'vitest';
import { readMeasurement } from './measurement-view.ts';
import { trendsOf } from './trends.ts';
import type { MeasurementRow } from './overview.query.ts';
import { component, measured, noon, quantity } from './ward-rows.sample.ts';

const trends = (newestFirst: readonly MeasurementRow[], pointsMax = 100) =>
  trendsOf(newestFirst.map(readMeasurement), pointsMax, noon);
const weight = (text: string, unit: string) =>
  measured({ kind: 'body-weight', content: { value: quantity(text, unit) } });

describe('the trends of a series', () => {
  it('bring values to one unit by exact arithmetic and keep what was sent, the oldest first', () => {
    const [trend] = trends([
      weight('70.10', 'kg'),
      weight('70250.5', 'g'),
      weight('150', '[lb_av]'),
    ]);
    expect(trend).toMatchObject({ kind: 'body-weight', component: null, unit: 'kg', cut: false });
    expect(
      trend?.points.map(({ value, normalised }) => [value?.text, value?.unit, normalised]),
    ).toEqual([
      ['150', '[lb_av]', '68.0388555'],
      ['70250.5', 'g', '70.2505'],
      ['70.10', 'kg', '70.10'],
    ]);
  });

  it('round what never ends to one decimal more than was sent', () => {
    const temperature = (text: string, unit: string) =>
      measured({ kind: 'body-temperature', content: { value: quantity(text, unit) } });
    const [trend] = trends([temperature('37.2', 'Cel'), temperature('100.5', '[degF]')]);
    expect(trend?.points.map(({ normalised }) => normalised)).toEqual(['38.06', '37.2']);
  });

  it('leave a value in a foreign unit as it was sent, also when it is the latest', () => {
    const [trend] = trends([weight('11', 'stone'), weight('70', 'kg'), weight('71', 'kg')]);
    expect(trend?.unit).toBe('kg');
    expect(trend?.points.at(-1)).toMatchObject({ value: { text: '11' }, normalised: null });
  });

  it('show both values where two sources tell of one moment, and who told which', () => {
    const [trend] = trends([
      measured({ system: 'Hub A', content: { value: quantity('85', '/min') } }),
      measured({ system: 'Hub B', content: { value: quantity('140', '/min') } }),
    ]);
    expect(trend?.points.map(({ source, normalised }) => [source.system, normalised])).toEqual([
      ['Hub B', '140'],
      ['Hub A', '85'],
    ]);
  });

  it('take no bound for a measured value', () => {
    const glucose = (text: string, unit: string, comparator: string | null = null) =>
      measured({ kind: 'glucose', content: { value: quantity(text, unit, { comparator }) } });
    const [trend] = trends([glucose('1.1', 'mmol/L', '<'), glucose('5.6', 'mmol/L')]);
    expect(trend?.points).toMatchObject([
      { normalised: '5.6' },
      { value: { text: '1.1', comparator: '<' }, normalised: null },
    ]);
  });

  it('tell no number where code and text of a unit are two units', () => {
    const odd = quantity('70500', 'kg', { unitCode: 'g' });
    const [trend] = trends([
      measured({ kind: 'body-weight', content: { value: odd } }),
      weight('70.5', 'kg'),
    ]);
    expect(trend?.points.at(-1)).toMatchObject({
      value: { text: '70500', unit: 'kg (coded g)' },
      normalised: null,
    });
  });

  it('show missing, preliminary and worded values at their place', () => {
    const [trend] = trends([
      measured({ status: 'preliminary' }),
      measured({ content: { value: null, dataAbsentReason: 'error' } }),
      measured({ content: { value: quantity('rask', null, { type: 'string' }) } }),
    ]);
    expect(trend?.points).toMatchObject([
      { value: { text: 'rask' }, normalised: null, missing: null },
      { value: null, normalised: null, missing: 'error' },
      { value: { text: '85' }, normalised: '85', preliminary: true },
    ]);
  });

  it('are one a component, in which a measurement that is missing as a whole is missing too', () => {
    const pressure = (systolic: string, diastolic: string) =>
      measured({
        kind: 'blood-pressure',
        content: {
          value: null,
          components: [
            component('8480-6', quantity(systolic, 'mmHg')),
            component('8462-4', quantity(diastolic, 'mm[Hg]')),
          ],
        },
      });
    const missing = measured({
      kind: 'blood-pressure',
      content: { value: null, dataAbsentReason: 'not-performed' },
    });
    const found = trends([missing, pressure('130', '80'), pressure('120', '75')]);
    expect(
      found.map(({ component: name, unit, points }) => [
        name,
        unit,
        points.map((point) => point.normalised ?? point.missing),
      ]),
    ).toEqual([
      ['systolic', 'mm[Hg]', ['120', '130', 'not-performed']],
      ['diastolic', 'mm[Hg]', ['75', '80', 'not-performed']],
    ]);
  });

  it('give the total of a score alone, without its parts', () => {
    const score = measured({
      kind: 'news2',
      content: { value: quantity('5', null), components: [component('x', quantity('5', null))] },
    });
    expect(trends([score])).toMatchObject([
      { component: null, unit: '', points: [{ normalised: '5' }] },
    ]);
  });

  it('are cut to the latest points, and say so', () => {
    const many = ['3', '2', '1'].map((text) => weight(text, 'kg'));
    expect(trends(many, 3)[0]?.cut).toBe(false);
    const [trend] = trends(many, 2);
    expect(trend?.cut).toBe(true);
    expect(trend?.points.map(({ normalised }) => normalised)).toEqual(['2', '3']);
  });
});
