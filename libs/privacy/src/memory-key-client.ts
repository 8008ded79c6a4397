import { randomBytes } from 'node:crypto';
import { SamspillError, newPseudonym, type Pseudonym } from '@samspill/kernel';
import type { DataKey, KeyClient, KeyOutcome } from './key-client.ts';
import { patientNameOf } from './patient-name.ts';

/** A key vault in memory, with the switches that a test needs. It knows no clients and no rights. */
export interface MemoryKeyClient extends KeyClient {
  /** Destroys every key of (patient, product); answers with the highest destroyed version, 0 when there was none. */
  shred(product: string, patient: Pseudonym): number;
  withhold(product: string, patient: Pseudonym): void;
  release(product: string, patient: Pseudonym): void;
  /** While away nothing is answered. */
  away(isAway: boolean): void;
  /** Joins two patients' pseudonyms into one set; `first` is the one to write under. */
  link(first: Pseudonym, other: Pseudonym): void;
}

/** Index of the array = version - 1; undefined = shredded. */
type Versions = (Buffer | undefined)[];

export function memoryKeyClient(): MemoryKeyClient {
  const sets = new Map<string, Pseudonym[]>();
  const indexKeys = new Map<string, Buffer>();
  const dataKeys = new Map<string, Versions>();
  const withheld = new Set<string>();
  let isAway = false;

  const at = (product: string, patient: Pseudonym): string => `${product} ${patient}`;
  const copy = (key: Buffer): Buffer => Buffer.from(key);
  const answered = <T>(answer: () => T): Promise<T> =>
    isAway ? Promise.reject(new SamspillError('KEY_VAULT_UNAVAILABLE')) : Promise.resolve(answer());
  const versionsOf = (product: string, patient: Pseudonym): Versions =>
    dataKeys.get(at(product, patient)) ?? [];

  const sealingKey = (product: string, patient: Pseudonym): DataKey => {
    const versions = versionsOf(product, patient);
    const newest = versions.at(-1) ?? randomBytes(32);
    if (versions.at(-1) === undefined) versions.push(newest);
    dataKeys.set(at(product, patient), versions);
    return { version: versions.length, key: copy(newest) };
  };

  const openingKey = (product: string, patient: Pseudonym, version: number): KeyOutcome => {
    if (isAway) return { outcome: 'unavailable', reason: 'the key vault is away' };
    const versions = versionsOf(product, patient);
    if (version < 1 || version > versions.length) {
      return { outcome: 'unavailable', reason: 'the key vault does not know this key' };
    }
    const key = versions[version - 1];
    if (key === undefined) return { outcome: 'shredded' };
    if (withheld.has(at(product, patient))) return { outcome: 'withheld' };
    return { outcome: 'key', key: copy(key) };
  };

  return {
    pseudonyms: (identifiers, mode) =>
      answered(() =>
        identifiers.map((identifier) => {
          const name = patientNameOf(identifier);
          if (mode === 'create' && !sets.has(name)) sets.set(name, [newPseudonym()]);
          return sets.get(name);
        }),
      ),
    indexKey: (product) =>
      answered(() => {
        const key = indexKeys.get(product) ?? randomBytes(32);
        indexKeys.set(product, key);
        return copy(key);
      }),
    sealingKeys: (product, patients) =>
      answered(() => patients.map((patient) => sealingKey(product, patient))),
    openingKeys: (product, wanted) =>
      Promise.resolve(wanted.map(({ patient, version }) => openingKey(product, patient, version))),
    answers: () => answered(() => undefined),
    evict: () => undefined,
    caches: [],
    shred: (product, patient) => {
      const versions = versionsOf(product, patient);
      for (const key of versions) key?.fill(0);
      versions.fill(undefined);
      return versions.length;
    },
    withhold: (product, patient) => void withheld.add(at(product, patient)),
    release: (product, patient) => void withheld.delete(at(product, patient)),
    away: (now) => void (isAway = now),
    link: (first, other) => {
      for (const [name, set] of sets) {
        if (set.includes(first) || set.includes(other)) sets.set(name, [first, other]);
      }
    },
  };
}
