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
