export {
  canonicalJson,
  exactNumber,
  isNumber,
  isObject,
  isRefusedBody,
  jsonLimits,
  parseExactJson,
  stringifyExact,
  type ExactNumber,
  type Json,
  type JsonLimits,
  type JsonObject,
  type Unreadable,
} from './exact-json.ts';
export {
  isRefusal,
  issue,
  issueList,
  operationOutcome,
  type Issue,
  type IssueCode,
  type IssueList,
  type IssueSeverity,
  type OperationOutcome,
} from './operation-outcome.ts';
export { isNationalPersonSystem, normalSystem, systems } from './identifier-systems.ts';
export {
  isElevenDigits,
  isValidPersonNumber,
  readPersonNumber,
  type PersonNumber,
  type PersonNumberKind,
} from './person-number.ts';
export { isValidOrganisationNumber, organisationDigits } from './organisation-number.ts';
export { findNationalNumbers, holdsNationalNumber } from './national-number-search.ts';
export {
  isSamePatient,
  judgePatient,
  type IdentityMode,
  type PatientVerdict,
} from './patient-identity.ts';
export {
  bundleEntriesMax,
  readMeasurement,
  readMeasurementBundle,
  type ReadBundle,
  type RefusedBody,
} from './measurements/bundle.ts';
export type { AcceptedEntry, MeasurementEntry } from './measurements/bundle-entry.ts';
export type { IntakeContext } from './measurements/intake-context.ts';
export { identifierKey, type NaturalKey } from './measurements/natural-key.ts';
export type {
  AcceptedMeasurement,
  Intent,
  RefusedMeasurement,
} from './measurements/observation.ts';
