import type { Pseudonym } from '@samspill/kernel';
import { EvictionWatch } from './eviction-watch.ts';
import type { WantedKey } from './key-client.ts';
import { PatientCache } from './patient-cache.ts';

const entriesMax = 10_000;
const entryLifeMs = 5 * 60_000;

/** A fetch of keys, or a call that waits for one: notes whose keys were evicted meanwhile. */
export interface KeyFetch {
  /** True when the patient's keys were evicted after the fetch began: what it brings is not to be trusted. */
  isStale(patient: Pseudonym): boolean;
  end(): void;
}

/** Opened data keys of one process, in memory only, zeroed when they leave (engine guide, section 10). */
export interface KeyCache {
  /** A copy, or undefined. */
  get(product: string, wanted: WantedKey): Buffer | undefined;
  put(product: string, wanted: WantedKey, key: Buffer): void;
  evict(product: string, patient: Pseudonym): void;
  holds(patient: Pseudonym): boolean;
  /** Begins a fetch. Call before the request leaves. */
  fetching(product: string): KeyFetch;
}

interface Entry extends WantedKey {
  readonly product: string;
  readonly key: Buffer;
}

export function keyCache(): KeyCache {
  const watch = new EvictionWatch();
  const entries = new PatientCache<Entry>({
    entriesMax,
    lifeMs: entryLifeMs,
    patientsOf: ({ patient }) => [patient],
    onGone: ({ key }) => key.fill(0),
  });
  const groupOf = (product: string, patient: Pseudonym): string => `${product} ${patient}`;
  const nameOf = (product: string, { patient, version }: WantedKey): string =>
    `${groupOf(product, patient)} ${version}`;

  return {
    get: (product, wanted) => {
      const entry = entries.get(nameOf(product, wanted));
      return entry === undefined ? undefined : Buffer.from(entry.key);
    },
    put: (product, { patient, version }, key) => {
      const name = nameOf(product, { patient, version });
      entries.set(name, { product, patient, version, key: Buffer.from(key) });
    },
    evict: (product, patient) => {
      entries.forget(patient, (entry) => entry.product === product);
      watch.evicted(groupOf(product, patient));
    },
    holds: (patient) => entries.holds(patient),
    fetching: (product) => {
      const fetch = watch.begin();
      return {
        isStale: (patient) => fetch.isStale(groupOf(product, patient)),
        end: () => fetch.end(),
      };
    },
  };
}
