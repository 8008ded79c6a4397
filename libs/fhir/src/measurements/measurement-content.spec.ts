import { describe, expect, it } from 'vitest';
import { accepted } from './measurement-fixture.ts';

describe('what a measurement is called', () => {
  it('has the name of its display where there is neither text nor code', () => {
    const { content } = accepted({ code: { coding: [{ display: 'Puls' }] } });
    expect(content).toMatchObject({ codes: [], codeText: 'Puls' });
  });
});

describe('the range that was sent', () => {
  it.each([
    ['one unit', { value: 50, unit: '/min' }, { value: 90, unit: '/min' }, ['50', '90', '/min']],
    ['a unit with one bound', { value: 50 }, { value: 90, code: '/min' }, ['50', '90', '/min']],
    ['one bound', undefined, { value: 90.0, unit: '/min' }, [null, '90', '/min']],
    ['no unit', { value: 50 }, { value: 90 }, ['50', '90', null]],
  ])('keeps a range with %s', (_, low, high, [lowText, highText, unit]) => {
    const { content } = accepted({ referenceRange: [{ low, high }] });
    expect(content.referenceRanges).toEqual([{ low: lowText, high: highText, unit, text: null }]);
  });

  it('tells a range with two units in words, since one number of it would be taken for the other', () => {
    const [low, high] = [
      { value: 500, unit: 'g' },
      { value: 1.5, unit: 'kg' },
    ];
    const { content } = accepted({ referenceRange: [{ low, high }] });
    expect(content.referenceRanges).toEqual([
      { low: null, high: null, unit: null, text: '500 g - 1.5 kg' },
    ]);
  });
});
