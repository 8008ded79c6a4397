/** Synthetic (month + 80). */
export const patientNumber = '15838510075';

/** A heart rate that every rule lets in, with changes; undefined takes an element out. */
export const heartRate = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  resourceType: 'Observation',
  identifier: [{ system: 'https://home-hub.example/id', value: 'hr-1' }],
  status: 'final',
  category: [
    {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/observation-category',
          code: 'vital-signs',
        },
      ],
    },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  subject: { identifier: { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: patientNumber } },
  effectiveDateTime: '2026-03-02T08:30:00+01:00',
  valueQuantity: { value: 61, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
  ...changes,
});

export const bundleOf = (...resources: readonly unknown[]): Record<string, unknown> => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
});
