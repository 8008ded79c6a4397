import { describe, expect, it } from 'vitest';
import { readMeasurement } from './bundle.ts';
import {
  accepted,
  bodyOf,
  heartRate,
  lenient,
  otherPatient,
  patient,
} from './measurement-fixture.ts';

const read = (changes: Record<string, unknown> = {}, context = lenient) =>
  readMeasurement(bodyOf(heartRate(changes)), context);

describe('an Observation that is let in', () => {
  it('becomes a measurement with what was sent', () => {
    expect(accepted()).toMatchObject({
      intent: 'record',
      patient: { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: patient },
      organisation: '310000019',
      key: { kind: 'identifier' },
      occurredAtMs: Date.parse('2024-03-01T07:30:00Z'),
      clear: { status: 'final', categories: ['vital-signs'], municipality: null },
      content: { kind: 'heart-rate', value: { type: 'Quantity', text: '61', unitCode: '/min' } },
      warnings: [],
    });
  });

  it.each([
    ['registered', 'record'],
    ['preliminary', 'record'],
    ['final', 'record'],
    ['unknown', 'record'],
    ['amended', 'correct'],
    ['corrected', 'correct'],
    ['cancelled', 'retract'],
    ['entered-in-error', 'retract'],
  ])('with status %s and a value asks to %s', (status, intent) =>
    expect(accepted({ status })).toMatchObject({ intent, clear: { status } }),
  );

  it.each([
    ['a reason for its absence', { dataAbsentReason: { coding: [{ code: 'unknown' }] } }],
    ['members', { hasMember: [{ reference: 'Observation/7' }] }],
    ['components', { component: [{ code: { text: 'left' }, valueInteger: 1 }] }],
  ])('may have %s in place of a value', (_, changes) => {
    const { content, warnings } = accepted({ valueQuantity: undefined, ...changes });
    expect(content.value).toBeNull();
    expect(warnings).toEqual([]);
  });

  it('keeps where, how and by whom it was measured, with systems in their normal form', () => {
    const concept = (text: string) => ({ text });
    const { content } = accepted({
      performer: [
        { identifier: { system: '2.16.578.1.12.4.1.4.102', value: '4208723' } },
        { identifier: { value: 'nurse 7' } },
      ],
      device: { display: 'Puls 3' },
      bodySite: concept('left arm'),
      method: concept('cuff'),
      note: [{ text: 'after stairs' }],
      interpretation: [concept('høy')],
    });
    expect(content).toMatchObject({
      responsibleOrganisations: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.102', value: '4208723' }],
      authors: [{ system: null, value: 'nurse 7' }],
      device: 'Puls 3',
      bodySite: 'left arm',
      method: 'cuff',
      notes: ['after stairs'],
      interpretation: ['høy'],
    });
  });

  it('keeps no literal reference to a patient, and keeps all else', () => {
    const { content } = accepted({
      subject: {
        reference: `https://ehr.example/fhir/Patient/${otherPatient}`,
        identifier: { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: patient },
      },
      performer: [
        { reference: 'Patient/7' },
        { reference: `Practitioner/${otherPatient}` },
        { reference: 'Practitioner/7' },
      ],
      extension: [{ url: 'https://example.org/x', valueString: 'kept' }],
    });
    expect(content.resource).not.toMatch(/Patient\//);
    expect(content.resource).not.toContain(otherPatient);
    expect(content.resource).toContain('Practitioner/7');
    expect(content.resource).toContain('kept');
  });

  it('is counted for the performing organisation only where the client may send for it', () => {
    const by = (value: string) => ({
      performer: [{ identifier: { system: 'urn:oid:2.16.578.1.12.4.1.4.101', value } }],
    });
    expect(accepted(by('994 598 759')).organisation).toBe('994598759');
    expect(accepted(by('981275721')).organisation).toBe('310000019');
  });

  it('shows in clear no category but those of HL7', () => {
    const category = [{ coding: [{ system: 'urn:oid:1.2.3.4', code: patient }] }];
    expect(accepted({ category }).clear.categories).toEqual([]);
  });

  it('has the same canonical text when only its version, time of update or narrative differs', () => {
    const one = accepted({ meta: { versionId: '1', lastUpdated: '2024-03-01T08:31:00Z' } });
    const narrative = { status: 'generated', div: '<div>1</div>' };
    const other = accepted({ meta: { lastUpdated: '2024-03-01T09:31:00Z' }, text: narrative });
    expect(one.canonicalText).toBe(other.canonicalText);
    expect(one.sourceUpdatedAtMs).toBe(Date.parse('2024-03-01T08:31:00Z'));
  });

  it('has another canonical text for another value, another decimal and another patient', () => {
    const texts = [
      accepted(),
      accepted({ valueQuantity: { value: 62 } }),
      accepted({ subject: { identifier: { value: otherPatient } } }),
    ].map(({ canonicalText }) => canonicalText);
    expect(new Set(texts).size).toBe(3);
  });
});

describe('an Observation that is refused', () => {
  it.each<[string, Record<string, unknown>, string, string]>([
    ['no status', { status: undefined }, 'required', 'status'],
    ['unknown status', { status: 'done' }, 'value', 'status'],
    ['no code', { code: undefined }, 'required', 'code'],
    ['a code that says nothing', { code: { coding: [{}] } }, 'required', 'code'],
    ['a code of blanks', { code: { text: ' ', coding: [{ code: '' }] } }, 'required', 'code'],
    [
      'a component that says not what it measures',
      { valueQuantity: undefined, component: [{ code: {}, valueInteger: 1 }] },
      'required',
      'component[0].code',
    ],
    ['two value types', { valueString: 'x' }, 'structure', 'value'],
    ['value and its absence', { dataAbsentReason: { text: 'x' } }, 'invariant', 'dataAbsentReason'],
    ['nothing measured', { valueQuantity: undefined }, 'invariant', ''],
    ['a group', { subject: { reference: 'Group/herd1' } }, 'value', 'subject'],
    ['no subject', { subject: undefined }, 'required', 'subject.identifier'],
    [
      'a masked number',
      {
        subject: { identifier: { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: 'xxxxxx34794' } },
      },
      'value',
      'subject.identifier',
    ],
    ['vital sign without time', { effectiveDateTime: undefined }, 'invariant', 'effective'],
    [
      'vital sign with an empty period',
      { effectiveDateTime: undefined, effectivePeriod: {} },
      'invariant',
      'effective',
    ],
    [
      'vital sign with no more than issued',
      { effectiveDateTime: undefined, issued: '2024-03-01T08:30:00Z' },
      'invariant',
      'effective',
    ],
    ['two effective times', { effectivePeriod: { start: '2024-03-01' } }, 'structure', 'effective'],
    ['tomorrow', { effectiveDateTime: '2024-03-03' }, 'value', 'effectiveDateTime'],
    [
      'time without zone',
      { effectiveDateTime: '2024-03-01T08:30:00' },
      'value',
      'effectiveDateTime',
    ],
    [
      'a day that does not exist',
      { effectiveDateTime: '2023-02-29' },
      'value',
      'effectiveDateTime',
    ],
    [
      '11 minutes ahead',
      { effectiveDateTime: '2024-03-01T12:11:00Z' },
      'value',
      'effectiveDateTime',
    ],
    [
      'a time of change without zone',
      { meta: { lastUpdated: '2024-03-01T08:30:00' } },
      'value',
      'meta.lastUpdated',
    ],
    ['a number as text', { valueQuantity: { value: '61' } }, 'structure', 'valueQuantity.value'],
    [
      'amended without a key',
      { status: 'amended', identifier: undefined },
      'required',
      'identifier',
    ],
  ])('for %s, naming the place', (_, changes, code, element) => {
    const result = read(changes);
    const place = element === '' ? 'Observation' : `Observation.${element}`;
    expect(result).toMatchObject({ outcome: 'refused', status: 422 });
    expect(result.outcome === 'refused' && result.issues).toContainEqual(
      expect.objectContaining({ severity: 'error', code, place }),
    );
  });

  it('for more than an event can hold, naming the limit', () => {
    const result = read({ note: [{ text: 'x'.repeat(401 * 1024) }] });
    expect(result).toMatchObject({ outcome: 'refused', issues: [{ code: 'too-long' }] });
    expect(read({ note: [{ text: 'x'.repeat(399 * 1024) }] }).outcome).toBe('accepted');
  });

  it('names all that is wrong at once', () => {
    const result = read({ status: 'done', code: undefined, subject: undefined });
    expect(result.outcome === 'refused' && result.issues).toHaveLength(3);
  });

  it('never repeats a patient number, wherever it stood', () => {
    const result = read({ status: patient, valueQuantity: { value: patient }, code: patient });
    expect(result.outcome).toBe('refused');
    expect(JSON.stringify(result)).not.toContain(patient);
  });

  it('in strict mode for a synthetic patient', () => {
    expect(read({}, { ...lenient, identity: 'strict' }).outcome).toBe('refused');
  });
});

describe('a retraction', () => {
  it('needs beyond its key only status, code and subject', () => {
    const bare = { effectiveDateTime: undefined, valueQuantity: undefined };
    expect(accepted({ ...bare, status: 'entered-in-error' }).intent).toBe('retract');
    expect(accepted({ ...bare, status: 'cancelled' }).intent).toBe('retract');
  });

  it('without a key is refused, since it cannot name what it takes back', () => {
    expect(read({ status: 'entered-in-error', identifier: undefined }).outcome).toBe('refused');
  });
});
