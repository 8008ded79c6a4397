import type { IdentityMode } from './patient-identity.ts';

/** What sets one service on Observations apart from another. */
export interface ServiceCapability {
  /** Name of the app. */
  readonly service: string;
  readonly description: string;
  readonly identity: IdentityMode;
  readonly since: Date;
  /** Sentences about what it takes and gives, limits included. */
  readonly documentation: readonly string[];
  /** True where measurements are sent to, false where they are only searched. */
  readonly takesMeasurements: boolean;
}

const search = { code: 'search-type' };
const searchText =
  'A search names one patient and is sent by POST to Observation/_search; 200 results a page at most.';

/**
 * The answer to `GET /metadata`: what a service offers, with its identity mode (specs/measurements.md section 3,
 * specs/identifiers.md section 3).
 */
export const capabilityStatement = ({
  service,
  description,
  identity,
  since,
  documentation,
  takesMeasurements,
}: ServiceCapability) => ({
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: since.toISOString(),
  kind: 'instance',
  software: { name: `samspill-${service}` },
  implementation: { description: `${description} Identity mode: ${identity}.` },
  fhirVersion: '4.0.1',
  format: ['application/fhir+json'],
  rest: [
    {
      mode: 'server',
      documentation: [...documentation, searchText].join(' '),
      ...(takesMeasurements && { interaction: [{ code: 'batch' }] }),
      resource: [
        {
          type: 'Observation',
          versioning: 'versioned',
          ...(takesMeasurements && { conditionalCreate: true }),
          interaction: takesMeasurements ? [{ code: 'create' }, search] : [search],
          searchParam: [
            { name: 'patient.identifier', type: 'token' },
            { name: 'date', type: 'date' },
            { name: 'code', type: 'token' },
          ],
        },
      ],
    },
  ],
});

export type CapabilityStatement = ReturnType<typeof capabilityStatement>;
