import { describe, expect, it } from 'vitest';
import { HttpRefusal } from './http-refusal.ts';
import { afterHeader, eventIdHeader, patientHeader, sourceSystemHeader } from './nhn-headers.ts';

const patient = '15838510075';
const refusalOf = (ask: () => unknown): HttpRefusal => {
  try {
    ask();
  } catch (error) {
    if (error instanceof HttpRefusal) return error;
  }
  throw new Error('was not refused');
};

describe('the patient header', () => {
  it.each(['nhn-patient-nin', 'hit-patient-pid', 'person-id', 'x-pmd-patient'])(
    'is read from %s',
    (name) => {
      expect(patientHeader({ [name]: ` ${patient} ` })).toBe(patient);
    },
  );

  it('is refused when its old and new names differ, without showing either', () => {
    const headers = { 'nhn-patient-nin': patient, 'person-id': '55838510069' };
    const refusal = refusalOf(() => patientHeader(headers));
    expect(refusal.status).toBe(400);
    expect(JSON.stringify(refusal.problems)).not.toMatch(/\d{11}/);
  });

  it('is refused when it is sent twice, which Node joins with a comma', () => {
    expect(
      refusalOf(() => patientHeader({ 'nhn-patient-nin': `${patient}, ${patient}` })).status,
    ).toBe(400);
  });
});

describe('texts that callers make and we log', () => {
  it('pass as they are', () => {
    expect(eventIdHeader({ 'correlation-id': 'abc-123' })).toBe('abc-123');
    expect(sourceSystemHeader({ 'nhn-source-system': 'Hjemme 4.2' })).toBe('Hjemme 4.2');
  });

  it.each([patient, `%31${patient.slice(1)}`, `%2531${patient.slice(1)}`])(
    'are refused with a national number inside: %s',
    (number) => {
      const inEventId = { 'nhn-event-id': `trace-${number}` };
      const inSystem = { 'nhn-source-system': `x ${number}` };
      expect(refusalOf(() => eventIdHeader(inEventId)).status).toBe(400);
      expect(refusalOf(() => sourceSystemHeader(inSystem)).status).toBe(400);
    },
  );

  it('are refused when they are too long or hold control characters', () => {
    expect(refusalOf(() => eventIdHeader({ 'nhn-event-id': 'x'.repeat(129) })).status).toBe(400);
    expect(refusalOf(() => eventIdHeader({ 'nhn-event-id': 'a\u0007b' })).status).toBe(400);
  });
});

describe('Samspill-After', () => {
  it('is a list of positions', () => {
    expect(afterHeader({ 'samspill-after': 'a.b.v1:0:12, a.b.v1:3:4' })).toEqual([
      { topic: 'a.b.v1', partition: 0, offset: 12 },
      { topic: 'a.b.v1', partition: 3, offset: 4 },
    ]);
    expect(afterHeader({})).toEqual([]);
  });

  it('is refused when a position is malformed', () => {
    expect(refusalOf(() => afterHeader({ 'samspill-after': 'a.b.v1:0' })).problems[0]?.place).toBe(
      'header Samspill-After',
    );
  });
});
