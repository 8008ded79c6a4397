/** A fetch, or a call that waits for one: notes what was evicted meanwhile. */
export interface Fetching {
  /** True when that was evicted after the fetch began: what it brings of it is not to be trusted. */
  isStale(name: string): boolean;
  end(): void;
}

/** Tells fetches under way what is evicted, so that none puts an older answer back (engine guide 8.5). */
export class EvictionWatch {
  readonly #fetches = new Set<Set<string>>();

  /** Call before the request leaves. */
  begin(): Fetching {
    const evicted = new Set<string>();
    this.#fetches.add(evicted);
    return {
      isStale: (name) => evicted.has(name),
      end: () => void this.#fetches.delete(evicted),
    };
  }

  evicted(name: string): void {
    for (const evicted of this.#fetches) evicted.add(name);
  }
}
