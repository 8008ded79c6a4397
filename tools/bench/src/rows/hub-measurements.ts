import { readMeasurementBundle, type AcceptedMeasurement } from '@samspill/fhir';
import { homeBundles, syntheticPatients } from '@samspill/testing';

export interface HubMeasurements {
  readonly nationalId: string;
  readonly measurements: readonly AcceptedMeasurement[];
}

const until = new Date('2026-03-01T22:00:00Z');
export const hubOrganisation = '310000019';

/** What a home hub sends of one patient in four days, as the rules of the intake read it. The same in every run. */
export function hubMeasurements(seed: string): HubMeasurements {
  const [patient] = syntheticPatients({ count: 1, seed });
  if (patient === undefined) throw new RangeError('one patient is made');
  const context = { identity: 'lenient', now: until, orgnrParent: hubOrganisation } as const;
  const bundles = [...homeBundles({ patients: [patient], days: 4, seed, until })];
  const measurements = bundles.flatMap(({ body }) => {
    const read = readMeasurementBundle(Buffer.from(body), { ...context, sendsFor: [] });
    if (read.outcome === 'refused') throw new Error('the intake refuses what a hub sends');
    return read.entries.map((entry) => {
      if (entry.outcome !== 'accepted') throw new Error('the intake refuses what a hub sends');
      return entry;
    });
  });
  return { nationalId: patient.nationalId, measurements };
}
