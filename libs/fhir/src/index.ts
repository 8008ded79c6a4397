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
