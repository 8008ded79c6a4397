import { describe, expect, it } from 'vitest';
import { readMeasurement } from './measurement-view.ts';
import { news2Of } from './news2.ts';
import { component, measured, noon, quantity } from './ward-rows.sample.ts';

const codes = [
  '1104301000000104',
  '1104321000000108',
  '1104331000000105',
  '1104351000000103',
  '1104341000000101',
  '1104361000000100',
  '1104371000000107',
];
const score = (total: string | null, parts: readonly string[]) =>
  news2Of(
    readMeasurement(
      measured({
        kind: 'news2',
        content: {
          value: total === null ? null : quantity(total, null),
          components: parts.map((text, at) => component(codes[at] ?? '', quantity(text, null))),
        },
      }),
    ),
    noon,
  );

describe('NEWS2 on the screen', () => {
  it('is shown as received with the names and scores of its parts', () => {
    const { value, components, note } = score('20', ['3', '3', '2', '3', '3', '3', '3']);
    expect(value?.text).toBe('20');
    expect(components.map(({ name, value: part }) => [name, part?.text])).toEqual([
      ['respiration', '3'],
      ['oxygen saturation', '3'],
      ['air or oxygen', '2'],
      ['pulse', '3'],
      ['systolic blood pressure', '3'],
      ['consciousness', '3'],
      ['temperature', '3'],
    ]);
    expect(note).toBeNull();
  });

  it('is never calculated anew: a total that its parts contradict stays, with a note', () => {
    const { value, note } = score('7', ['3', '3', '2', '0', '0', '0', '0']);
    expect(value?.text).toBe('7');
    expect(note).toBe('The total that was sent differs from its parts: they add up to 8.');
  });

  it.each([
    [[], 'The score was sent without its parts.'],
    [['3', '2'], 'Only 2 of 7 parts were sent with a score.'],
  ])('says of parts %j: %s', (parts, note) => {
    expect(score('5', parts).note).toBe(note);
  });

  it('says that no total was sent', () => {
    const { value, note } = score(null, ['0', '0', '1', '0', '0', '0', '1']);
    expect(value).toBeNull();
    expect(note).toBe('No total was sent; the parts add up to 2.');
  });

  it('counts no measured value that was sent beside the scores', () => {
    const parts = ['3', '3', '2', '3', '3', '3', '3'].map((text, at) =>
      component(
        codes[at] ?? '',
        quantity(text, null, { unitCode: at === 0 ? 'poeng' : '{score}' }),
      ),
    );
    const pulse = component('8867-4', quantity('38', '/min'));
    const known = (components: typeof parts) =>
      readMeasurement(
        measured({ kind: 'news2', content: { value: quantity('20', null), components } }),
      );
    expect(news2Of(known([...parts, pulse]), noon).note).toBeNull();
    expect(news2Of(known([...parts.slice(1), pulse]), noon).note).toBe(
      'Only 6 of 7 parts were sent with a score.',
    );
  });

  it('counts no value beside the scores whose unit is one by code and another by text', () => {
    const parts = codes.map((code) => component(code, quantity('1', null)));
    const weight = component('29463-7', quantity('70', 'kg', { unitCode: 'g' }));
    const content = { value: quantity('7', null), components: [...parts, weight] };
    expect(news2Of(readMeasurement(measured({ kind: 'news2', content })), noon).note).toBeNull();
  });

  it('counts a part without a unit whose code we do not know, as that of the other oxygen scale', () => {
    const parts = codes.map((code, at) =>
      component(at === 1 ? 'another scale' : code, quantity('1', null)),
    );
    const content = { value: quantity('7', null), components: parts };
    expect(news2Of(readMeasurement(measured({ kind: 'news2', content })), noon).note).toBeNull();
  });

  it('says that it is missing where neither a total nor a part was scored', () => {
    const { value, note } = score(null, []);
    expect(value).toBeNull();
    expect(note).toBe('Neither a total nor a part has a score.');
  });
});
