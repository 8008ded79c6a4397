/** Lets one worker at a time have a partition, in the order in which they asked. */
export class Turn {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves when the turn has come; answers with what ends it. */
  async take(): Promise<() => void> {
    const before = this.#last;
    const mine = Promise.withResolvers<undefined>();
    this.#last = mine.promise;
    await before;
    return () => mine.resolve(undefined);
  }
}
