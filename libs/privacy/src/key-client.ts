import type { Pseudonym } from '@samspill/kernel';
import type { NamedCache } from './named-cache.ts';

/**
 * Terms: a *data key* is the key of one patient's data in one product, in versions; an *index key* names a product's
 * facts; *withheld* and *shredded* are facts that the key vault states, never inferred (design D5, D6).
 */

/** A person's number as a message gave it. `system`: normal form of specs/identifiers.md section 2, null for a bare number. */
export interface PatientIdentifier {
  readonly system: string | null;
  readonly value: string;
}

export interface DataKey {
  /** From 1; a shred ends a version, later care opens the next. */
  readonly version: number;
  /** 32 bytes. A copy of the caller's own: zero it when done. */
  readonly key: Buffer;
}

export interface WantedKey {
  readonly patient: Pseudonym;
  readonly version: number;
}

/** What became of a wanted key. Only `unavailable` may pass by itself: hold and ask again. */
export type KeyOutcome =
  | { readonly outcome: 'key'; readonly key: Buffer }
  | { readonly outcome: 'withheld' }
  | { readonly outcome: 'shredded' }
  | { readonly outcome: 'unavailable'; readonly reason: string };

/** Asks the key vault. Answers stand in the order of the questions. */
export interface KeyClient {
  /**
   * The set of linked pseudonyms of each patient; the first is the one to write under. `create` makes a pseudonym for
   * a number that has none; `find` answers undefined there. Rejects with KEY_VAULT_UNAVAILABLE or KEY_VAULT_REFUSED.
   */
  pseudonyms(
    identifiers: readonly PatientIdentifier[],
    mode: 'create' | 'find',
  ): Promise<(readonly Pseudonym[] | undefined)[]>;
  /** The product's index key, for the owning domain alone. Rejects as `pseudonyms`. */
  indexKey(product: string): Promise<Buffer>;
  /** The newest key of each patient, made where there is none; for the owning domain alone. Rejects as `pseudonyms`. */
  sealingKeys(product: string, patients: readonly Pseudonym[]): Promise<DataKey[]>;
  /** The keys wanted, for a consumer that subscribes to the product. Never rejects: what went wrong is `unavailable`. */
  openingKeys(product: string, wanted: readonly WantedKey[]): Promise<KeyOutcome[]>;
  /** Forgets the patient's keys of the product, and under which numbers the patient is known, also of a fetch under way. */
  evict(product: string, patient: Pseudonym): void;
  /** Resolves where the vault says that it can answer. Rejects with KEY_VAULT_UNAVAILABLE. */
  answers(): Promise<void>;
  /** What it keeps of patients. */
  readonly caches: readonly NamedCache[];
}
