import type { LoggedRecord } from '../event-log.ts';

/** The records of one partition in memory; the offset of a record is its index. */
export class MemoryPartition {
  readonly #records: LoggedRecord[] = [];
  #grown = Promise.withResolvers<undefined>();

  get end(): number {
    return this.#records.length;
  }

  append(record: LoggedRecord): void {
    this.#records.push(record);
    this.#grown.resolve(undefined);
    this.#grown = Promise.withResolvers<undefined>();
  }

  read(from: number, recordsMax: number): readonly LoggedRecord[] {
    return this.#records.slice(from, from + recordsMax);
  }

  /** Of the first record that is not older than that moment, else the end. */
  offsetAt(timeMs: number): number {
    const found = this.#records.findIndex(({ timestampMs }) => timestampMs >= timeMs);
    return found === -1 ? this.end : found;
  }

  /** Resolves once a record is appended, or the signal aborts. */
  async growth(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const aborted = Promise.withResolvers<undefined>();
    const stop = (): void => aborted.resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
    await Promise.race([this.#grown.promise, aborted.promise]);
    signal.removeEventListener('abort', stop);
  }
}
