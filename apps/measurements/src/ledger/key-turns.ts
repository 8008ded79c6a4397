/**
 * Lets works on one key run one after another, in the order of the calls; works without a common key run side by side.
 * A work takes all its keys at once, so two of them never wait for each other.
 */
export class KeyTurns {
  readonly #last = new Map<string, Promise<undefined>>();

  async run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = keys.flatMap((key) => this.#last.get(key) ?? []);
    const { promise: mine, resolve: done } = Promise.withResolvers<undefined>();
    for (const key of keys) this.#last.set(key, mine);
    try {
      await Promise.all(before);
      return await work();
    } finally {
      done(undefined);
      for (const key of keys) if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}
