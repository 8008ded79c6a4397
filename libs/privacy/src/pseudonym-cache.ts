import { createHmac, randomBytes } from 'node:crypto';
import type { Pseudonym } from '@samspill/kernel';
import { EvictionWatch } from './eviction-watch.ts';
import type { PatientIdentifier } from './key-client.ts';
import { PatientCache } from './patient-cache.ts';
import { patientNameOf } from './patient-name.ts';

/** Number to pseudonyms, in memory only (design D6): names are hashed under a secret that lives and dies with the process. */
export interface PseudonymCache {
  get(identifier: PatientIdentifier): readonly Pseudonym[] | undefined;
  /** Forgets every number under which the patient is known. */
  evict(patient: Pseudonym): void;
  holds(patient: Pseudonym): boolean;
  /** Begins a lookup. Call before the request leaves. */
  lookingUp(): Lookup;
}

/** A lookup under way: what was evicted meanwhile is not put. */
export interface Lookup {
  put(identifier: PatientIdentifier, pseudonyms: readonly Pseudonym[]): void;
  end(): void;
}

export function pseudonymCache(): PseudonymCache {
  const secret = randomBytes(32);
  const watch = new EvictionWatch();
  const sets = new PatientCache<readonly Pseudonym[]>({
    entriesMax: 10_000,
    // Five minutes bound how long a newly linked pseudonym is not seen.
    lifeMs: 5 * 60_000,
    patientsOf: (set) => set,
  });
  const nameOf = (identifier: PatientIdentifier): string =>
    createHmac('sha256', secret).update(patientNameOf(identifier)).digest('base64');

  return {
    get: (identifier) => sets.get(nameOf(identifier)),
    evict: (patient) => {
      sets.forget(patient);
      watch.evicted(patient);
    },
    holds: (patient) => sets.holds(patient),
    lookingUp: () => {
      const fetch = watch.begin();
      return {
        put: (identifier, pseudonyms) => {
          if (pseudonyms.some((patient) => fetch.isStale(patient))) return;
          sets.set(nameOf(identifier), pseudonyms);
        },
        end: () => fetch.end(),
      };
    },
  };
}
