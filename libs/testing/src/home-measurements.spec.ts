import { readMeasurementBundle, type AcceptedEntry } from '@samspill/fhir';
import { describe, expect, it } from 'vitest';
import { homeBundles, type HomeSeries } from './home-measurements.ts';
import { syntheticPatients } from './synthetic-patients.ts';

const until = new Date('2026-03-08T23:00:00+01:00');
const series = (changes: Partial<HomeSeries> = {}): HomeSeries => {
  const seed = changes.seed ?? 1;
  return { patients: syntheticPatients({ count: 12, seed }), days: 14, seed, until, ...changes };
};

/** What the intake makes of all bundles of a series. */
function readAll(wanted: HomeSeries): AcceptedEntry[] {
  return [...homeBundles(wanted)].flatMap(({ body, measurements }) => {
    const context = {
      identity: 'lenient',
      now: until,
      orgnrParent: '310000019',
      sendsFor: [],
    } as const;
    const result = readMeasurementBundle(Buffer.from(body), context);
    if (result.outcome === 'refused') throw new Error(JSON.stringify(result.issues));
    expect(result.entries).toHaveLength(measurements);
    return result.entries.map((entry) => {
      if (entry.outcome !== 'accepted') throw new Error(JSON.stringify(entry));
      return entry;
    });
  });
}

describe('home measurements', () => {
  it('pass every rule of the intake, with no remark but that the patients are synthetic', () => {
    const entries = readAll(series());
    expect(entries.length).toBeGreaterThan(1500);
    const remarks = new Set(entries.flatMap(({ warnings }) => warnings.map(({ rule }) => rule)));
    expect([...remarks].filter((rule) => !/synthetic/i.test(rule))).toEqual([]);
  });

  it('are the same for the same seed, and other ones for another', () => {
    const bodies = (changes?: Partial<HomeSeries>) =>
      [...homeBundles(series(changes))].map(({ body }) => body);
    expect(bodies()).toEqual(bodies());
    expect(bodies({ seed: 2 })).not.toEqual(bodies());
  });

  it('keep what was measured when the series goes on for a day', () => {
    const earlier = [...homeBundles(series())].map(({ body }) => body);
    const nextDay = new Date(until.getTime() + 86_400_000);
    const later = new Set(
      [...homeBundles(series({ until: nextDay, days: 15 }))].map(({ body }) => body),
    );
    expect(earlier.filter((body) => !later.has(body))).toEqual([]);
  });

  it('name each measurement once', () => {
    const urls = readAll(series()).map(({ fullUrl }) => fullUrl);
    expect(new Set(urls).size).toBe(urls.length);
  });

  it('lie in the past, and stop in the middle of a day', () => {
    const noon = new Date('2026-03-08T12:00:00+01:00');
    const bundles = [...homeBundles(series({ until: noon, days: 1 }))];
    expect(bundles).toHaveLength(12);
    expect(bundles.every(({ at }) => new Date(at) <= noon)).toBe(true);
  });

  it('hold every kind, some values out of range, some preliminary, some missing', () => {
    const entries = readAll(series());
    const kinds = new Set(entries.map(({ content }) => content.kind));
    expect([...kinds].sort()).toEqual([
      'blood-pressure',
      'body-temperature',
      'body-weight',
      'glucose',
      'heart-rate',
      'news2',
      'oxygen-saturation',
      'respiration-rate',
    ]);
    const outOfRange = entries.filter(({ content: { value, referenceRanges } }) => {
      const high = referenceRanges[0]?.high;
      return value !== null && high != null && Number(value.text) > Number(high);
    });
    expect(outOfRange.length).toBeGreaterThan(20);
    expect(outOfRange.length).toBeLessThan(entries.length / 4);
    expect(entries.some(({ clear }) => clear.status === 'preliminary')).toBe(true);
    expect(entries.some(({ content }) => content.dataAbsentReason !== null)).toBe(true);
  });

  it('keep the decimals of a scale: 82.40 and not 82.4', () => {
    const weights = readAll(series()).filter(({ content }) => content.kind === 'body-weight');
    const texts = weights.flatMap(({ content }) => content.value?.text ?? []);
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => !/^\d+\.\d\d$/.test(text))).toEqual([]);
    expect(texts.some((text) => text.endsWith('0'))).toBe(true);
  });

  it('let some patients become worse: a NEWS2 of 5 and more among many low ones', () => {
    const scores = readAll(series())
      .filter(({ content }) => content.kind === 'news2')
      .map(({ content }) => Number(content.value?.text));
    expect(scores.filter((score) => score <= 2).length).toBeGreaterThan(scores.length / 2);
    expect(scores.some((score) => score >= 5)).toBe(true);
  });
});
