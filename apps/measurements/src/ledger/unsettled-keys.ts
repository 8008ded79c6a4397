/**
 * Natural keys with an event that is still being sent after its deadline. It is in no ledger and at no end of the log
 * yet, so whatever is decided on such a key would be decided without it: another subject would not retract it.
 */
export class UnsettledKeys {
  readonly #open = new Map<string, number>();

  /** Holds the keys until the promise is settled. */
  hold(keys: readonly string[], settled: Promise<unknown>): void {
    for (const key of keys) this.#open.set(key, (this.#open.get(key) ?? 0) + 1);
    const release = (): void => {
      for (const key of keys) {
        const left = (this.#open.get(key) ?? 0) - 1;
        if (left > 0) this.#open.set(key, left);
        else this.#open.delete(key);
      }
    };
    settled.then(release, release);
  }

  has(key: string): boolean {
    return this.#open.has(key);
  }
}
