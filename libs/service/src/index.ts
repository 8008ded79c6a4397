export {
  bootService,
  type ServiceDefinition,
  type ServiceGround,
  type ServiceParts,
} from './boot-service.ts';
export { CallerOf, OpenToAll, RequireScope, type Caller } from './caller.ts';
export { HttpRefusal, type Problem } from './http-refusal.ts';
export { afterHeader, eventIdHeader, patientHeader, sourceSystemHeader } from './nhn-headers.ts';
export type { Running, Startable } from './materialiser-strategy.ts';
export { readServiceConfig, type ServiceConfig } from './service-config.ts';
