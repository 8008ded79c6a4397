/**
 * Whether kafkajs is in the midst of joining a group. A consumer that is stopped there is not stopped: its runner counts
 * as not yet running, joins nevertheless, and fetches for ever after.
 */
export class Joining {
  #over = Promise.withResolvers<undefined>();

  begin(): void {
    this.#over = Promise.withResolvers<undefined>();
  }

  /** To be called in the listeners of GROUP_JOIN and CRASH; kafkajs marks its runner as running a few turns later. */
  end(): void {
    const over = this.#over;
    setImmediate(() => over.resolve(undefined));
  }

  async over(): Promise<void> {
    await this.#over.promise;
  }
}
