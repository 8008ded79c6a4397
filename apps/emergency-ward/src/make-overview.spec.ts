import { describe, expect, it } from 'vitest';
import { overviewOf } from './make-overview.ts';
import type { MeasurementRow, OverviewRows } from './overview.query.ts';
import { component, measured, noon, quantity, rows } from './ward-rows.sample.ts';

const level = { lagRecords: 0, behindSeconds: 0 };
const overview = (measurements: readonly MeasurementRow[], rest: Partial<OverviewRows> = {}) =>
  overviewOf(rows(measurements, rest), level, noon);
const range = (low: string, high: string) => [{ low, high, unit: null, text: null }];

describe('the overview of a patient', () => {
  it('has the same shape for a patient of whom nothing is held', () => {
    expect(overview([])).toEqual({
      asOf: '2026-01-05T11:00:00.000Z',
      readModel: level,
      sources: [],
      vitalSigns: [],
      news2: null,
      trends: [],
      retracted: [],
      unreadable: 0,
    });
  });

  it('shows the latest of each kind as it was sent, with its time, age, source and range', () => {
    const { vitalSigns } = overview([
      measured({ at: '2026-01-05T10:00:00+01:00', content: { value: quantity('80', '/min') } }),
      measured({
        id: 'm1',
        versions: 3,
        content: {
          codeText: 'Puls',
          value: quantity('85.0000000001', 'slag/min'),
          referenceRanges: range('50', '100'),
          notes: ['etter trapp'],
          warnings: ['made-up number'],
        },
      }),
    ]);
    expect(vitalSigns).toEqual([
      {
        kind: 'heart-rate',
        name: 'Puls',
        measurementId: 'm1',
        status: 'final',
        preliminary: false,
        value: { text: '85.0000000001', comparator: null, unit: 'slag/min' },
        missing: null,
        interpretation: [],
        ranges: range('50', '100'),
        outOfRange: 'inside',
        measured: {
          sent: '2026-01-05T11:00:00+01:00',
          sentEnd: null,
          precision: 'instant',
          basis: 'effective',
          at: '2026-01-05T10:00:00.000Z',
          ageSeconds: 3600,
        },
        received: { at: '2026-01-05T10:30:00.000Z', ageSeconds: 1800 },
        source: { organisation: '310000019', subUnit: null, system: 'Hub 2.1' },
        components: [],
        device: null,
        bodySite: null,
        method: null,
        notes: ['etter trapp'],
        warnings: ['made-up number'],
        versions: 3,
      },
    ]);
  });

  it('puts what is out of the range that was sent first, then keeps the clinical order', () => {
    const { vitalSigns } = overview([
      measured({ kind: 'other', series: 'other:x', content: { codeText: 'Smerte' } }),
      measured({ kind: 'body-weight', content: { referenceRanges: range('90', '95') } }),
      measured({ kind: 'oxygen-saturation', content: { referenceRanges: range('94', '100') } }),
      measured({ kind: 'respiration-rate', content: { value: quantity('300', '/min') } }),
    ]);
    expect(vitalSigns.map(({ kind, outOfRange }) => [kind, outOfRange])).toEqual([
      ['oxygen-saturation', 'low'],
      ['body-weight', 'low'],
      ['respiration-rate', 'unknown'],
      ['other', 'unknown'],
    ]);
  });

  it('shows a preliminary value and a missing one as such', () => {
    const { vitalSigns } = overview([
      measured({ status: 'preliminary' }),
      measured({
        kind: 'body-temperature',
        content: { value: null, dataAbsentReason: 'not-performed' },
      }),
    ]);
    expect(vitalSigns[0]).toMatchObject({ preliminary: true, status: 'preliminary' });
    expect(vitalSigns[1]).toMatchObject({ value: null, missing: 'not-performed' });
  });

  it('names a measurement as its source does, else by its kind, and by a bare code only without one', () => {
    const pain = { system: 'http://loinc.org', code: '72514-3', display: null };
    const pulse = { system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' };
    const { vitalSigns } = overview([
      measured({ kind: 'respiration-rate', content: { codes: [pain] } }),
      measured({ kind: 'heart-rate', content: { codes: [pulse] } }),
      measured({ kind: 'body-weight', content: { codes: [pulse], codeText: 'Vekt' } }),
      measured({ kind: 'other', content: { codes: [pain] } }),
    ]);
    expect(vitalSigns.map(({ name }) => name)).toEqual([
      'respiration rate',
      'Heart rate',
      'Vekt',
      '72514-3',
    ]);
  });

  it('names a component by its code, whatever word the code is', () => {
    const content = { value: null, components: [component('constructor', quantity('1', null))] };
    const { vitalSigns } = overview([measured({ kind: 'other', content })]);
    expect(vitalSigns[0]?.components[0]?.name).toBe('constructor');
  });

  it('keeps a date a date', () => {
    const effective = { start: '2026-01-05', end: null, precision: 'day', basis: 'effective' };
    const { vitalSigns } = overview([
      measured({ at: '2026-01-05T00:00:00+01:00', content: { effective } }),
    ]);
    expect(vitalSigns[0]?.measured).toMatchObject({ sent: '2026-01-05', precision: 'day' });
  });

  it('judges blood pressure by its components', () => {
    const { vitalSigns } = overview([
      measured({
        kind: 'blood-pressure',
        content: {
          value: null,
          components: [
            component('8480-6', quantity('150', 'mm[Hg]'), '90', '140'),
            component('8462-4', quantity('80', 'mm[Hg]'), '60', '90'),
          ],
        },
      }),
    ]);
    expect(vitalSigns[0]?.outOfRange).toBe('high');
    expect(vitalSigns[0]?.components).toMatchObject([
      { name: 'systolic', value: { text: '150' }, outOfRange: 'high' },
      { name: 'diastolic', value: { text: '80' }, outOfRange: 'inside' },
    ]);
  });

  it('takes the latest over all linked pseudonyms', () => {
    const { vitalSigns, trends } = overview([
      measured({ at: '2026-01-05T09:00:00+01:00', id: 'older' }),
      measured({ at: '2026-01-05T10:00:00+01:00', id: 'newer' }),
    ]);
    expect(vitalSigns.map(({ measurementId }) => measurementId)).toEqual(['newer']);
    expect(trends[0]?.points.map(({ measured: { ageSeconds } }) => ageSeconds)).toEqual([
      10_800, 7200,
    ]);
  });

  it('tells the age of each source, also of one whose measurements were all taken back', () => {
    const source = { sourceOrgnr: '310000019', sourceOrgnrChild: null, sourceSystem: null };
    const { sources } = overview([], {
      sources: [
        {
          ...source,
          lastReceivedAt: new Date('2026-01-05T10:59:50Z'),
          lastMeasuredAt: new Date('2026-01-05T10:00:00Z'),
        },
        { ...source, lastReceivedAt: new Date('2026-01-05T11:00:05Z'), lastMeasuredAt: null },
      ],
    });
    expect(sources).toMatchObject([
      { lastReceived: { ageSeconds: 10 }, lastMeasured: { ageSeconds: 3600 } },
      { lastReceived: { ageSeconds: 0 }, lastMeasured: null },
    ]);
  });

  it('says what was taken back and why, and of what could not be read that there is such', () => {
    const { retracted, unreadable } = overview([], {
      unreadable: 1,
      retractions: [
        {
          measurementId: 'm1',
          kind: 'heart-rate',
          reason: 'entered-in-error',
          retractedAt: new Date('2026-01-05T10:00:00Z'),
          sourceOrgnr: '310000019',
          sourceOrgnrChild: null,
          sourceSystem: 'Hub 2.1',
        },
      ],
    });
    expect(unreadable).toBe(1);
    expect(retracted).toEqual([
      {
        measurementId: 'm1',
        kind: 'heart-rate',
        retracted: { at: '2026-01-05T10:00:00.000Z', ageSeconds: 3600 },
        reason: 'entered-in-error',
        source: { organisation: '310000019', subUnit: null, system: 'Hub 2.1' },
      },
    ]);
  });
});
