import type { Pseudonym } from '@samspill/kernel';

/** Which entries of a cache are about whom, so that nobody has to walk the cache. */
export class PatientIndex {
  readonly #entries = new Map<Pseudonym, Set<string>>();

  add(patient: Pseudonym, entry: string): void {
    const entries = this.#entries.get(patient);
    if (entries === undefined) this.#entries.set(patient, new Set([entry]));
    else entries.add(entry);
  }

  remove(patient: Pseudonym, entry: string): void {
    const entries = this.#entries.get(patient);
    entries?.delete(entry);
    if (entries?.size === 0) this.#entries.delete(patient);
  }

  has(patient: Pseudonym): boolean {
    return this.#entries.has(patient);
  }

  /** A copy, so that entries may be removed while it is walked. */
  entriesOf(patient: Pseudonym): readonly string[] {
    return [...(this.#entries.get(patient) ?? [])];
  }
}
