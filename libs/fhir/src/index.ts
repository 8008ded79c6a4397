export {
  canonicalJson,
  exactNumber,
  isObject,
  isRefusedBody,
  jsonLimits,
  parseExactJson,
  stringifyExact,
  type ExactNumber,
  type Json,
  type JsonObject,
  type Unreadable,
} from './exact-json.ts';
export {
  isRefusal,
  issue,
  operationOutcome,
  type Issue,
  type IssueCode,
  type OperationOutcome,
} from './operation-outcome.ts';
export {
  capabilityStatement,
  type CapabilityStatement,
  type ServiceCapability,
} from './capability-statement.ts';
export { normalSystem, systems } from './identifier-systems.ts';
export { isValidPersonNumber, readPersonNumber, type PersonNumber } from './person-number.ts';
export { isValidOrganisationNumber } from './organisation-number.ts';
export { findNationalNumbers, holdsNationalNumber } from './national-number-search.ts';
export {
  isSamePatient,
  judgePatient,
  type IdentityMode,
  type PatientVerdict,
} from './patient-identity.ts';
export {
  bundleEntriesMax,
  openMeasurementBundle,
  readMeasurement,
  readMeasurementBundle,
  type OpenedBundle,
  type ReadBundle,
  type RefusedBody,
} from './measurements/bundle.ts';
export type { AcceptedEntry, MeasurementEntry } from './measurements/bundle-entry.ts';
export { entryExtensions } from './measurements/entry-extensions.ts';
export type { IntakeContext } from './measurements/intake-context.ts';
export { identifierKey, type NaturalKey } from './measurements/natural-key.ts';
export type {
  AcceptedMeasurement,
  Intent,
  RefusedMeasurement,
} from './measurements/observation.ts';
