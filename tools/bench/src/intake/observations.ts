import { homeBundles, syntheticPatients } from '@samspill/testing';

/** A measurement to post: its body, about the nth patient, under an identifier that no other one has. */
export type Observations = (nationalId: string, identifier: string) => Buffer;

const bloodPressure = '85354-9';
const placeOf = { subject: '00000000000', identifier: 'IDENTIFIER' } as const;

/** A blood pressure as a home hub sends it, 1.7 KB of FHIR. Cut in pieces once, so that making one costs the load next to nothing. */
export function observations(): Observations {
  const [patient] = syntheticPatients({ count: 1, seed: 'observation' });
  if (patient === undefined) throw new RangeError('one patient is made');
  const [bundle] = homeBundles({
    patients: [patient],
    days: 1,
    seed: 'observation',
    until: new Date('2026-03-01T12:00:00Z'),
  });
  const { entry } = JSON.parse(bundle?.body ?? '{"entry":[]}') as { entry: SentEntry[] };
  const resource = entry.map((one) => one.resource).find(isBloodPressure);
  if (resource === undefined) throw new RangeError('a morning has a blood pressure');
  const text = JSON.stringify({
    ...resource,
    identifier: [{ system: 'https://home-hub.example/measurement', value: placeOf.identifier }],
  }).replace(patient.nationalId, placeOf.subject);
  const [head = '', middle = '', end = ''] = text.split(
    new RegExp(`${placeOf.subject}|${placeOf.identifier}`),
  );
  return (nationalId, identifier) => Buffer.from(head + nationalId + middle + identifier + end);
}

interface SentEntry {
  readonly resource: { readonly code: { readonly coding: readonly { readonly code: string }[] } };
}

const isBloodPressure = ({ code }: SentEntry['resource']): boolean =>
  code.coding.some((coding) => coding.code === bloodPressure);
