import { bundleEntriesMax, jsonLimits, type IdentityMode } from '@samspill/fhir';

/** `GET /metadata`: what the service takes, with its limits and its identity mode (specs/measurements.md section 3). */
export const capabilityStatement = (identity: IdentityMode, since: Date) => ({
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: since.toISOString(),
  kind: 'instance',
  software: { name: 'samspill-measurements' },
  implementation: {
    description: `Pasientens måledata. Identity mode: ${identity}.`,
  },
  fhirVersion: '4.0.1',
  format: ['application/fhir+json'],
  rest: [
    {
      mode: 'server',
      documentation: [
        'Measurements are sent as a Bundle of type batch or collection by POST to the root; each entry has its own answer.',
        `A body has at most ${jsonLimits.bytesMax / 1024 / 1024} MiB, ${bundleEntriesMax} entries and ${jsonLimits.depthMax} levels; one measurement has at most 400 KiB.`,
        'Numbers keep every decimal that was sent. A resend is the same event.',
        'A search names one patient and is sent by POST to Observation/_search; 200 results a page at most.',
      ].join(' '),
      interaction: [{ code: 'batch' }],
      resource: [
        {
          type: 'Observation',
          versioning: 'versioned',
          conditionalCreate: true,
          interaction: [{ code: 'create' }, { code: 'search-type' }],
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
