export { askedGauges } from './asked-gauges.ts';
export {
  bootService,
  type ServiceDefinition,
  type ServiceGround,
  type ServiceParts,
} from './boot-service.ts';
export { CallerOf, OpenToAll, RequireScope, type Caller } from './caller.ts';
export { eventLogPart, keyVaultPart } from './health/needed-parts.ts';
export type { ReadyAnswer } from './health/health.controller.ts';
export { HttpRefusal } from './http-refusal.ts';
export { afterHeader, eventIdHeader, patientHeader, sourceSystemHeader } from './nhn-headers.ts';
export { readJsonBody } from './json-body.ts';
export { keyClientOf } from './key-client-of.ts';
export { materialiserTelemetry } from './materialiser-telemetry.ts';
export { onceThere } from './once-there.ts';
export { identifierForm, patientForm, type PatientInBody } from './patient-form.ts';
export type { OwnCache } from './patient-caches.ts';
export { PATIENT_READS, patientOfRead, type PatientReads } from './patient-of-read.ts';
export { acceptsJson, searchByGetRefused, searchForm, urlParameters } from './search-form.ts';
export { readSettings } from './read-settings.ts';
export { METRICS } from './service-metrics.ts';
export { sparingly } from './sparingly.ts';
export type { ServiceConfig } from './service-config.ts';
export { toldError } from './told-error.ts';
export { traceparentHeader } from './tracing/traceparent-header.ts';
