/**
 * Names for the patients of one session: `patient-1` tells the events of one patient from those of another, and says
 * nothing to whoever sees the next session.
 */
export class PatientAliases {
  readonly #aliases = new Map<string, string>();

  /** Of a record key. */
  of(key: string): string {
    const known = this.#aliases.get(key);
    if (known !== undefined) return known;
    const alias = `patient-${this.#aliases.size + 1}`;
    this.#aliases.set(key, alias);
    return alias;
  }
}
