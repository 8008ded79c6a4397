import type { MeasurementContent, MeasurementRecorded } from '@samspill/contracts';
import { nothingMore } from '@samspill/contracts/sample';

/** For specs: a pulse of 85 as a hub in Norway sends it, changed by what is given. */
export const pulse = (changes: Partial<MeasurementContent> = {}): MeasurementContent => ({
  ...nothingMore,
  kind: 'heart-rate',
  codes: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }],
  subject: { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: '15838510075' },
  effective: {
    start: '2026-01-05T08:00:00+01:00',
    end: null,
    precision: 'instant',
    basis: 'effective',
  },
  value: {
    type: 'Quantity',
    text: '85',
    comparator: null,
    unit: 'slag/min',
    unitSystem: 'http://unitsofmeasure.org',
    unitCode: '/min',
    codes: [],
  },
  resource: '{"resourceType":"Observation","status":"final","valueQuantity":{"value":85.0}}',
  ...changes,
});

/** For specs: the clear fields of an event, without what seals. */
export const clearFields = (
  eventId: string,
  measurementId: string,
  status = 'final',
): Omit<MeasurementRecorded, 'sealed'> => ({
  envelope: {
    eventId,
    occurredAt: Date.parse('2026-01-05T07:00:00Z'),
    recordedAt: Date.parse('2026-01-05T07:00:02Z'),
    naturalKey: 'natural-key',
    contentMark: 'content-mark',
    source: {
      orgnrParent: '310000019',
      orgnrChild: null,
      clientId: 'home-hub',
      system: 'Hub 2.1',
    },
    correlationId: null,
    causationId: null,
  },
  measurementId,
  status,
  categories: ['vital-signs'],
  municipality: '0301',
});
