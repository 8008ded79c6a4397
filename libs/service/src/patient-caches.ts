import { keyVault } from '@samspill/contracts';
import { followTopic, type EventLog } from '@samspill/event-log';
import { isPseudonym, type Pseudonym } from '@samspill/kernel';
import type { KeyClient, NamedCache } from '@samspill/privacy';
import type { Startable } from './materialiser-strategy.ts';

/** What a service keeps of patients in the memory of its process. */
export interface PatientCaches {
  readonly keys: Pick<KeyClient, 'caches' | 'evict'>;
  /** Whose keys it asks for. */
  readonly products: readonly string[];
  /** What it keeps beside keys and pseudonyms. */
  readonly own?: readonly OwnCache[];
}

/** A cache of the service's own. */
export interface OwnCache extends NamedCache {
  /** Takes out what was read of the patient with a key. */
  forgetContent(patient: Pseudonym): void;
}

export const namedCaches = ({ keys, own = [] }: PatientCaches): readonly NamedCache[] => [
  ...keys.caches,
  ...own,
];

/**
 * Follows the patient state for the caches of this process. The materialiser does not: of several instances one reads a
 * partition of the patient state, and any may hold the patient's keys. It reads on from where the topic ended at the
 * start, when the caches were empty, and looks at key and type alone, so that neither registry nor database holds it up.
 * To forget at what another consumer or product lost costs one question more to the key vault.
 */
export const cacheEviction = (
  eventLog: Pick<EventLog, 'ranges' | 'subscribe'>,
  service: string,
  { keys, products, own = [] }: PatientCaches,
): Startable => {
  const name = `${service}.caches`;
  const forget = (patient: Pseudonym): void => {
    for (const product of products) keys.evict(product, patient);
    for (const cache of own) cache.forgetContent(patient);
  };
  return {
    name,
    start: () =>
      followTopic(eventLog, {
        topic: keyVault.topic,
        name,
        handle: ({ records }) => {
          for (const { key, type } of records) {
            const takesNothing = type === keyVault.events.GrantOpened.fullName;
            if (!takesNothing && key !== undefined && isPseudonym(key)) forget(key);
          }
          return Promise.resolve('done');
        },
      }),
  };
};
