import type { Pseudonym } from '@samspill/kernel';
import { LRUCache } from 'lru-cache';
import type { WantedKey } from './key-client.ts';

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
  /** Begins a fetch. Call before the request leaves. */
  fetching(product: string): KeyFetch;
}

export function keyCache(): KeyCache {
  const keys = new LRUCache<string, Buffer>({
    max: entriesMax,
    ttl: entryLifeMs,
    // A timer an entry, so that a key leaves memory in time and not when it is next asked for.
    ttlAutopurge: true,
    perf: { now: () => performance.now() },
    dispose: (key) => key.fill(0),
  });
  const fetches = new Set<{ readonly product: string; readonly evicted: Set<Pseudonym> }>();
  const nameOf = (product: string, patient: Pseudonym): string => `${product} ${patient} `;

  return {
    get: (product, { patient, version }) => {
      const key = keys.get(`${nameOf(product, patient)}${version}`);
      return key === undefined ? undefined : Buffer.from(key);
    },
    put: (product, { patient, version }, key) => {
      keys.set(`${nameOf(product, patient)}${version}`, Buffer.from(key));
    },
    evict: (product, patient) => {
      const prefix = nameOf(product, patient);
      for (const name of [...keys.keys()]) if (name.startsWith(prefix)) keys.delete(name);
      for (const fetch of fetches) if (fetch.product === product) fetch.evicted.add(patient);
    },
    fetching: (product) => {
      const fetch = { product, evicted: new Set<Pseudonym>() };
      fetches.add(fetch);
      return {
        isStale: (patient) => fetch.evicted.has(patient),
        end: () => void fetches.delete(fetch),
      };
    },
  };
}
