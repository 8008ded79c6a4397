import { createHmac, randomBytes } from 'node:crypto';
import type { Pseudonym } from '@samspill/kernel';
import { LRUCache } from 'lru-cache';
import type { PatientIdentifier } from './key-client.ts';
import { patientNameOf } from './patient-name.ts';

/** Number to pseudonyms, in memory only (design D6): names are hashed under a secret that lives and dies with the process. */
export interface PseudonymCache {
  get(identifier: PatientIdentifier): readonly Pseudonym[] | undefined;
  put(identifier: PatientIdentifier, pseudonyms: readonly Pseudonym[]): void;
}

export function pseudonymCache(): PseudonymCache {
  const secret = randomBytes(32);
  // Five minutes bound how long a newly linked pseudonym is not seen.
  const sets = new LRUCache<string, readonly Pseudonym[]>({ max: 10_000, ttl: 5 * 60_000 });
  const nameOf = (identifier: PatientIdentifier): string =>
    createHmac('sha256', secret).update(patientNameOf(identifier)).digest('base64');
  return {
    get: (identifier) => sets.get(nameOf(identifier)),
    put: (identifier, pseudonyms) => void sets.set(nameOf(identifier), pseudonyms),
  };
}
