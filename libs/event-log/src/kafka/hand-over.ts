import { within } from '@samspill/kernel';

/** Hands items from one who puts to one who takes, in order. Whoever puts asks `taken` first, so that few lie here. */
export class HandOver<Item> {
  #items: readonly Item[] = [];
  #changed = Promise.withResolvers<true>();
  #failure: { readonly error: unknown } | undefined;

  put(item: Item): void {
    this.#items = [...this.#items, item];
    this.#change();
  }

  /** The next item; waits for it. Rejects with the error of `fail`, also when items lie here still. */
  async take(): Promise<Item> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error;
      const [next, ...rest] = this.#items;
      if (next !== undefined) {
        this.#items = rest;
        this.#change();
        return next;
      }
      await this.#changed.promise;
    }
  }

  /** True as soon as nothing lies here, or nobody will take it any more; false when that took too long. */
  async taken(withinMs: number): Promise<boolean> {
    const untilMs = performance.now() + withinMs;
    while (this.#items.length > 0 && this.#failure === undefined) {
      const changed = await within(untilMs - performance.now(), this.#changed.promise);
      if (changed === undefined) return false;
    }
    return true;
  }

  /** From now on every `take` rejects with this; only the first error counts. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#change();
  }

  #change(): void {
    this.#changed.resolve(true);
    this.#changed = Promise.withResolvers<true>();
  }
}
