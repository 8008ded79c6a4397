import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CorrectionContent, MeasurementContent } from '@samspill/contracts';
import { describe, expect, it } from 'vitest';
import { readMeasurement } from './bundle.ts';
import { accepted, lenient } from './measurement-fixture.ts';

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

describe('the examples of the data product', () => {
  const folder = join(import.meta.dirname, '../../../../schemas/measurements/examples');
  const contentOf = (file: string) =>
    (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { content: Example }).content;
  type Example = MeasurementContent & CorrectionContent;

  it.each([
    ['MeasurementRecorded', contentOf('MeasurementRecorded.json')],
    ['MeasurementCorrected', contentOf('MeasurementCorrected.json').measurement],
  ])('say of a %s what is read from its resource', (_, example) => {
    const { bundleIdentifier, bundleTimestamp, sourceUpdatedAt, resource } = example;
    const read = readMeasurement(Buffer.from(resource), {
      ...lenient,
      now: new Date('2026-03-03'),
    });
    if (read.outcome === 'refused') throw new Error(JSON.stringify(read.issues));
    const ofBundle = { bundleIdentifier, bundleTimestamp, sourceUpdatedAt };
    expect(example).toEqual({ ...read.content, ...ofBundle });
  });
});
