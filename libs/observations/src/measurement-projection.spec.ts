import type { MeasurementContent, Sealed } from '@samspill/contracts';
import type { EventId, Pseudonym } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import { measurementProjection } from './measurement-projection.ts';
import { clearFields, pulse } from './measurement.sample.ts';

const project = (name: string, content: unknown) => {
  const rows = measurementProjection.on[name]?.({
    id: 'e1' as EventId,
    name,
    patient: 'p1' as Pseudonym,
    position: { topic: 't', partition: 0, offset: 7 },
    keyVersion: 1,
    clear: { ...clearFields('e1', 'm1'), sealed: {} as Sealed },
    content,
  });
  expect(rows).toHaveLength(1);
  return rows?.[0]?.values ?? {};
};
const recorded = (changes: Partial<MeasurementContent> = {}) =>
  project('MeasurementRecorded', pulse(changes));

describe('the projection of measurements', () => {
  it('keeps a recorded measurement with its source, its search codes and its time', () => {
    expect(recorded()).toMatchObject({
      measurement_id: 'm1',
      status: 'final',
      recorded_at: new Date('2026-01-05T07:00:02Z'),
      source_orgnr: '310000019',
      source_orgnr_child: null,
      source_system: 'Hub 2.1',
      retraction: null,
      kind: 'heart-rate',
      series: 'heart-rate',
      codes: ['8867-4', 'http://loinc.org|8867-4'],
      effective_from: new Date('2026-01-05T07:00:00Z'),
      effective_to: new Date('2026-01-05T07:00:01Z'),
    });
  });

  it('keeps the resource as received, and the number of the patient nowhere else', () => {
    const { resource, content, ...rest } = recorded();
    expect(resource).toBe(pulse().resource);
    expect(JSON.parse(content as string)).toMatchObject({ value: { text: '85' } });
    expect(JSON.stringify([content, rest])).not.toContain('15838510075');
  });

  it('keeps the whole new state of a correction', () => {
    const value = { ...pulse().value, text: '86' };
    const row = project('MeasurementCorrected', {
      replacesEventId: 'e0',
      changedElements: [],
      measurement: pulse({ value: value as MeasurementContent['value'] }),
    });
    expect(row).toMatchObject({ retraction: null, kind: 'heart-rate' });
    expect(JSON.parse(row['content'] as string)).toMatchObject({ value: { text: '86' } });
  });

  it('keeps of a retraction that it is one and why, and nothing that was measured', () => {
    const row = project('MeasurementRetracted', {
      reason: 'wrong-patient',
      retractsEventId: 'e0',
      resource: '{"valueQuantity":{"value":85}}',
    });
    expect(row).toMatchObject({ measurement_id: 'm1', retraction: 'wrong-patient' });
    for (const column of ['kind', 'series', 'codes', 'effective_from', 'content', 'resource']) {
      expect(row[column]).toBeNull();
    }
  });

  it('spans the day of a date and the whole of a period', () => {
    const day = { start: '2026-01-05', end: null, precision: 'day', basis: 'effective' };
    expect(recorded({ effective: day })).toMatchObject({
      effective_from: new Date('2026-01-04T23:00:00Z'),
      effective_to: new Date('2026-01-05T23:00:00Z'),
    });
    expect(recorded({ effective: { ...day, end: '2026-01-07' } })).toMatchObject({
      effective_to: new Date('2026-01-07T23:00:00Z'),
    });
  });

  it('falls back to when it occurred where no time can be read', () => {
    const none = { start: null, end: null, precision: 'instant', basis: 'received' };
    expect(recorded({ effective: none })['effective_from']).toEqual(
      new Date('2026-01-05T07:00:00Z'),
    );
  });

  it('tells measurements of unlisted kinds apart by their code', () => {
    const bodyMassIndex = { system: 'http://loinc.org', code: '39156-5', display: null };
    const local = { system: 'urn:oid:1.2.3.4', code: 'bmi', display: null };
    expect(recorded({ kind: 'other', codes: [local, bodyMassIndex] })['series']).toBe(
      'other:http://loinc.org|39156-5',
    );
    expect(recorded({ kind: 'other', codes: [local] })['series']).toBe('other:urn:oid:1.2.3.4|bmi');
    expect(recorded({ kind: 'other', codes: [], codeText: 'Smerte' })['series']).toBe(
      'other:Smerte',
    );
  });

  it('tells questionnaires apart although they share a code', () => {
    const any = { system: 'http://loinc.org', code: '74465-6', display: null };
    expect(recorded({ kind: 'questionnaire-score', codes: [any], codeText: 'CAT' })['series']).toBe(
      'questionnaire-score:CAT',
    );
  });

  it('finds a code without a system, and systems by their normal form', () => {
    const codes = [
      { system: null, code: 'a', display: null },
      { system: '2.16.578.1.12.4.1.1.7280', code: 'NPU02187', display: null },
    ];
    expect(recorded({ codes })['codes']).toEqual([
      'a',
      '|a',
      'NPU02187',
      'urn:oid:2.16.578.1.12.4.1.1.7280|NPU02187',
    ]);
  });

  it('never gives PostgreSQL a NUL', () => {
    const nul = { system: null, code: 'a\0b', display: null };
    const row = recorded({ kind: 'other', codes: [nul], notes: ['x\0y'] });
    const texts = Object.values(row)
      .flat()
      .filter((value) => typeof value === 'string');
    expect(texts.filter((text) => text.includes('\0'))).toEqual([]);
    expect(texts.length).toBeGreaterThan(5);
  });
});
