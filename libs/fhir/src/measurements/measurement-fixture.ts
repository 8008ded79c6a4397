import { readMeasurement } from './bundle.ts';
import type { IntakeContext } from './intake-context.ts';
import type { AcceptedMeasurement } from './observation.ts';

/** Synthetic patients (month + 80). */
export const patient = '15838510075';
export const otherPatient = '55838510069';

export const now = new Date('2024-03-01T12:00:00Z');

export const lenient: IntakeContext = {
  identity: 'lenient',
  now,
  orgnrParent: '310000019',
  sendsFor: ['994598759'],
};

export const vitalSign = [
  {
    coding: [
      {
        system: 'http://terminology.hl7.org/CodeSystem/observation-category',
        code: 'vital-signs',
      },
    ],
  },
];

export const bodyOf = (resource: unknown): Buffer => Buffer.from(JSON.stringify(resource));

/** A heart rate that every rule lets in, with changes; undefined takes an element out. */
export const heartRate = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  resourceType: 'Observation',
  identifier: [{ system: 'urn:oid:2.16.578.1.12.4.99.1', value: 'hr-1' }],
  status: 'final',
  category: vitalSign,
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  subject: { identifier: { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: patient } },
  effectiveDateTime: '2024-03-01T08:30:00+01:00',
  valueQuantity: { value: 61, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
  ...changes,
});

/** That heart rate as it was read. */
export function accepted(
  changes: Record<string, unknown> = {},
  context = lenient,
): AcceptedMeasurement {
  const result = readMeasurement(bodyOf(heartRate(changes)), context);
  if (result.outcome === 'refused') throw new Error(JSON.stringify(result.issues));
  return result;
}
