export {
  contentMarkOf,
  eventIdOf,
  naturalKeyOf,
  resourceIdOf,
  type EventIdentity,
} from './event-identity.ts';
export type { DataKey, KeyClient, KeyOutcome, PatientIdentifier, WantedKey } from './key-client.ts';
export type { NamedCache } from './named-cache.ts';
export { PatientCache } from './patient-cache.ts';
export { memoryKeyClient, type MemoryKeyClient } from './memory-key-client.ts';
export {
  clearEvent,
  openSealed,
  sealEvent,
  type ClearFacts,
  type ClearPart,
  type SealedFacts,
} from './sealing.ts';
export { httpKeyClient } from './http-key-client.ts';
export { lengthPrefixed } from './length-prefixed.ts';
export { patientNameOf } from './patient-name.ts';
export { pseudonymForm } from './pseudonym-form.ts';
