import { keyVault } from '@samspill/contracts';
import { followTopic, type EventLog } from '@samspill/event-log';
import { isPseudonym, type Pseudonym } from '@samspill/kernel';
import type { NamedCache } from '@samspill/privacy';
import type { Startable } from './materialiser-strategy.ts';

/** What a service keeps of patients in the memory of its process. */
export interface PatientCaches {
  /** Client id of the service. */
  readonly consumer: string;
  readonly caches: readonly NamedCache[];
  /** Takes the patient out of all of them; what is fetched meanwhile does not come back. */
  forget(patient: Pseudonym): void;
}

/**
 * Follows the patient state for the caches of this process. The materialiser does not: of several instances one reads a
 * partition of the patient state, and any may hold the patient's keys. It reads on from where the topic ended at the
 * start, when the caches were empty, and looks at key and type alone, so that neither registry nor database holds it up.
 * To forget at what another consumer or product lost costs one question more to the key vault.
 */
export const cacheEviction = (
  eventLog: Pick<EventLog, 'ranges' | 'subscribe'>,
  caches: PatientCaches,
): Startable => {
  const name = `${caches.consumer}.caches`;
  return {
    name,
    start: () =>
      followTopic(eventLog, {
        topic: keyVault.topic,
        name,
        handle: ({ records }) => {
          for (const { key, type } of records) {
            const takesNothing = type === keyVault.events.GrantOpened.fullName;
            if (!takesNothing && key !== undefined && isPseudonym(key)) caches.forget(key);
          }
          return Promise.resolve('done');
        },
      }),
  };
};
