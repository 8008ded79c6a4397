import { describe, expect, it } from 'vitest';
import { readMeasurement } from './bundle.ts';
import { bodyOf, heartRate, lenient, otherPatient, patient } from './measurement-fixture.ts';

const read = (changes: Record<string, unknown> = {}, context = lenient) =>
  readMeasurement(bodyOf(heartRate(changes)), context);

const accepted = (changes: Record<string, unknown> = {}, context = lenient) => {
  const result = read(changes, context);
  if (result.outcome === 'refused') throw new Error(JSON.stringify(result.issues));
  return result;
};

const component = (code: string, value: number, unit = 'mm[Hg]') => ({
  code: { coding: [{ system: 'http://loinc.org', code }] },
  valueQuantity: { value, system: 'http://unitsofmeasure.org', code: unit },
});

const profile = (name: string) => ({
  profile: [`http://hl7.no/fhir/vkpobservation/StructureDefinition/${name}`],
});

const bloodPressure = {
  meta: profile('vkp-Observation-Bloodpressure'),
  code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }] },
  valueQuantity: undefined,
  component: [component('8480-6', 123), component('8462-4', 78), component('8478-0', 93)],
};

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

  it.each(['85.0000000001', '85', '37.0', '1E1'])('keeps the number %s as sent', (number) => {
    const body = bodyOf(heartRate()).toString().replace('"value":61', `"value":${number}`);
    const result = readMeasurement(Buffer.from(body), lenient);
    expect(result).toMatchObject({ content: { value: { text: number } } });
    expect(result).toMatchObject({
      content: { resource: expect.stringContaining(number) as string },
    });
  });

  it.each<[string, unknown, string, string | null]>([
    ['valueQuantity', { value: 4.2, unit: 'mmol/L', comparator: '<' }, '4.2', 'mmol/L'],
    ['valueCodeableConcept', { text: 'Alert' }, 'Alert', null],
    ['valueString', 'as usual', 'as usual', null],
    ['valueInteger', 3, '3', null],
    ['valueBoolean', false, 'false', null],
    ['valueTime', '08:30:00', '08:30:00', null],
    ['valueDateTime', '2024-02-28', '2024-02-28', null],
    ['valuePeriod', { start: '2024-02-28', end: '2024-02-29' }, '2024-02-28/2024-02-29', null],
    ['valueRange', { low: { value: 3, unit: 'mmol/L' } }, '3 mmol/L - ', null],
    [
      'valueRange',
      { low: { value: -5.0, code: 'Cel' }, high: { value: -3, code: 'Cel' } },
      '-5 Cel - -3 Cel',
      null,
    ],
    [
      'valueRatio',
      { numerator: { comparator: '<', value: 1 }, denominator: { value: 8, unit: 'mL' } },
      '<1:8 mL',
      null,
    ],
  ])('tells a person all of a %s: %j', (name, value, text, unit) => {
    const { content, warnings } = accepted({ valueQuantity: undefined, [name]: value });
    expect(content.value).toMatchObject({ text, unit });
    expect(warnings).toEqual([]);
  });

  it.each([
    ['valueQuantity', { unit: '/min', code: '/min' }],
    ['valueCodeableConcept', { coding: [{ system: 'http://snomed.info/sct' }] }],
  ])('has no value where a %s says nothing, and warns', (name, value) => {
    const { content, warnings } = accepted({ valueQuantity: undefined, [name]: value });
    expect(content.value).toBeNull();
    expect(warnings).toMatchObject([{ place: `Observation.${name}` }]);
  });

  it.each([
    ['valueSampledData', { origin: { value: 2048 }, period: 10, dimensions: 1, data: '12' }],
    ['valueReference', { reference: 'MolecularSequence/1' }],
  ])('shows no number of a %s, which nobody could read, and warns', (name, value) => {
    const { content, warnings } = accepted({ valueQuantity: undefined, [name]: value });
    expect(content.value).toMatchObject({ text: '' });
    expect(content.resource).toContain(name);
    expect(warnings).toMatchObject([{ place: `Observation.${name}` }]);
  });

  it('keeps no literal reference to a patient, and keeps all else', () => {
    const { content } = accepted({
      subject: {
        reference: `https://ehr.example/fhir/Patient/${otherPatient}`,
        identifier: { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: patient },
      },
      performer: [{ reference: 'Patient/7' }, { reference: 'Practitioner/7' }],
      extension: [{ url: 'https://example.org/x', valueString: 'kept' }],
    });
    expect(content.resource).not.toMatch(/Patient\//);
    expect(content.resource).toContain('Practitioner/7');
    expect(content.resource).toContain('kept');
  });

  it('takes a date as a date', () => {
    const { content, occurredAtMs } = accepted({ effectiveDateTime: '2024-02-29' });
    expect(content.effective).toEqual({
      start: '2024-02-29',
      end: null,
      precision: 'day',
      basis: 'effective',
    });
    expect(occurredAtMs).toBe(Date.parse('2024-02-29T00:00:00Z'));
  });

  it("takes today's date where the day has begun already", () => {
    const context = { ...lenient, now: new Date('2024-03-01T23:30:00Z') };
    expect(read({ effectiveDateTime: '2024-03-02' }, context).outcome).toBe('accepted');
  });

  it('falls back to issued, then to the time of receipt with a warning', () => {
    const noCategory = { category: undefined, effectiveDateTime: undefined };
    const issued = accepted({ ...noCategory, issued: '2024-03-01T09:00:00+01:00' });
    expect(issued.content.effective).toMatchObject({ basis: 'issued' });
    const received = accepted(noCategory);
    expect(received.content.effective).toMatchObject({ basis: 'received' });
    expect(received.warnings).toHaveLength(1);
    expect(received.content.warnings[0]).toContain('Observation.effective');
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
    ['a number as text', { valueQuantity: { value: '61' } }, 'structure', 'valueQuantity.value'],
    [
      'amended without a key',
      { status: 'amended', identifier: undefined },
      'required',
      'identifier',
    ],
    [
      'wrong unit',
      {
        meta: profile('vkp-Observation-Heartrate'),
        valueQuantity: { value: 61, system: 'http://unitsofmeasure.org', code: 'bpm' },
      },
      'invariant',
      'value.code',
    ],
    [
      'wrong body site',
      { ...bloodPressure, bodySite: { coding: [{ system: 'http://snomed.info/sct', code: '1' }] } },
      'invariant',
      'bodySite',
    ],
    [
      'wrong method',
      { ...bloodPressure, method: { coding: [{ system: 'http://snomed.info/sct', code: '1' }] } },
      'invariant',
      'method',
    ],
    [
      'unit of a component',
      { ...bloodPressure, component: [component('8480-6', 12, 'kPa'), component('8462-4', 78)] },
      'invariant',
      'component[0].value.code',
    ],
    [
      'no diastolic',
      { ...bloodPressure, component: [component('8480-6', 123)] },
      'invariant',
      'component',
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

describe('profiles', () => {
  it('are enforced only when claimed', () => {
    const odd = { valueQuantity: { value: 61, code: 'bpm' } };
    expect(read(odd).outcome).toBe('accepted');
    expect(read({ ...odd, meta: profile('vkp-Observation-Heartrate') }).outcome).toBe('refused');
  });

  it('of blood pressure let further components through', () => {
    expect(accepted(bloodPressure).content.components).toHaveLength(3);
  });

  it('take the misprinted code of weight with a warning', () => {
    const result = accepted({
      meta: profile('vkp-Observation-Bodyweight'),
      code: { coding: [{ system: 'http://loinc.org', code: '29563-7' }] },
      valueQuantity: { value: 80.5, system: 'http://unitsofmeasure.org', code: 'kg' },
    });
    expect(result.content.kind).toBe('body-weight');
    expect(result.warnings).toHaveLength(1);
  });

  it.each([
    [12, 0],
    [13, 1],
  ])('a NEWS2 total of %i with parts that add up to 12 gives %i warnings', (total, warnings) => {
    const parts = [3, 3, 2, 3, 1, 0, 0];
    const codes = ['301', '321', '331', '351', '341', '361', '371'];
    const checks = ['104', '108', '105', '103', '101', '100', '107'];
    const result = accepted({
      code: { coding: [{ system: 'http://snomed.info/sct', code: '1104051000000101' }] },
      valueQuantity: { value: total },
      component: parts.map((value, at) => ({
        code: {
          coding: [
            { system: 'http://snomed.info/sct', code: `1104${codes[at]}000000${checks[at]}` },
          ],
        },
        valueQuantity: { value },
      })),
    });
    expect(result.content.kind).toBe('news2');
    expect(result.warnings).toHaveLength(warnings);
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

describe('the patient header', () => {
  const local = { identifier: { system: 'http://example.org/serials', value: '1000239' } };

  it('stands in where a resource has only a local number', () => {
    expect(read({ subject: local }).outcome).toBe('refused');
    expect(accepted({ subject: local }, { ...lenient, patientHeader: patient }).patient.value).toBe(
      patient,
    );
  });

  it('does not overrule the identifier of a resource', () => {
    const context = { ...lenient, patientHeader: otherPatient };
    expect(read({}, context)).toMatchObject({ outcome: 'refused', status: 422 });
    expect(read({}, { ...lenient, patientHeader: patient }).outcome).toBe('accepted');
  });

  it('that names nobody refuses the whole call', () => {
    expect(read({}, { ...lenient, patientHeader: '1000239' })).toMatchObject({ status: 400 });
  });
});
