import type { MeasurementContent } from './generated/measurements.ts';

/** For specs and trials: all that a measurement may leave out, left out. What it must say stands where it is used. */
export const nothingMore = {
  codeText: null,
  issued: null,
  dataAbsentReason: null,
  components: [],
  interpretation: [],
  referenceRanges: [],
  device: null,
  bodySite: null,
  method: null,
  authors: [],
  responsibleOrganisations: [],
  bundleIdentifier: null,
  bundleTimestamp: null,
  profiles: [],
  notes: [],
  warnings: [],
  sourceUpdatedAt: null,
} as const satisfies Partial<MeasurementContent>;
