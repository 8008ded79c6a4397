/** For specs: Observations as sources send them. */

const vitalSigns = [
  {
    coding: [
      {
        system: 'http://terminology.hl7.org/CodeSystem/observation-category',
        code: 'vital-signs',
      },
    ],
  },
];

const ucum = 'http://unitsofmeasure.org';

interface When {
  readonly at: string;
  readonly status?: string;
}

export const vitalSign = (code: string, { at, status = 'final' }: When) => ({
  status,
  category: vitalSigns,
  code: { coding: [{ system: 'http://loinc.org', code }] },
  effectiveDateTime: at,
});

export const pulse = (value: number, when: When) => ({
  ...vitalSign('8867-4', when),
  valueQuantity: { value, unit: 'slag/min', system: ucum, code: '/min' },
  referenceRange: [
    { low: { value: 50, unit: 'slag/min' }, high: { value: 100, unit: 'slag/min' } },
  ],
});

export const weight = (value: number, unit: 'g' | 'kg', when: When) => ({
  ...vitalSign('29463-7', when),
  valueQuantity: { value, unit, system: ucum, code: unit },
});
