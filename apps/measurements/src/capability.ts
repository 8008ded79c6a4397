import {
  bundleEntriesMax,
  capabilityStatement,
  jsonLimits,
  type IdentityMode,
} from '@samspill/fhir';

/** What the service takes, with its limits. */
export const capability = (identity: IdentityMode, since: Date) =>
  capabilityStatement({
    service: 'measurements',
    description: 'Pasientens måledata.',
    identity,
    since,
    documentation: [
      'Measurements are sent as a Bundle of type batch or collection by POST to the root; each entry has its own answer.',
      `A body has at most ${jsonLimits.bytesMax / 1024 / 1024} MiB, ${bundleEntriesMax} entries and ${jsonLimits.depthMax} levels; one measurement has at most 400 KiB.`,
      'ifNoneExist in the request of an entry, as identifier=system|value, is honoured.',
      'Numbers keep every decimal that was sent. A resend is the same event.',
    ],
    takesMeasurements: true,
  });
