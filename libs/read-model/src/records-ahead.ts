import type { LoggedRecord, PartitionReader, RecordsRead } from '@samspill/event-log';
import { within } from '@samspill/kernel';

/** What a chunk takes, and where it ends at the latest. */
export interface ChunkWanted {
  /** Offset that it does not reach beyond. */
  readonly to: number;
  /** Of those that are wanted. */
  readonly recordsMax: number;
  /** Of all that are looked at. */
  readonly lookedAtMax: number;
  /** `performance.now()` at which it ends with what it has. */
  readonly untilMs: number;
}

/** Cuts what a reader gives into chunks of the records that somebody waits for. */
export class RecordsAhead {
  #ahead: readonly LoggedRecord[] = [];
  /** How many of them are dealt with. */
  #done = 0;
  /** The reader's position: the offset after all that it has given. */
  #readTo: number;
  #pending: Promise<RecordsRead> | undefined;

  constructor(
    private readonly reader: PartitionReader,
    from: number,
  ) {
    this.#readTo = from;
  }

  /** All below has been given, or was not wanted. */
  get position(): number {
    return this.#ahead[this.#done]?.offset ?? this.#readTo;
  }

  /** The next records that are wanted, and the offset below which there are no more. Rejects as the reader does. */
  async chunk(
    isWanted: (record: LoggedRecord) => boolean,
    { to, recordsMax, lookedAtMax, untilMs }: ChunkWanted,
  ): Promise<{ readonly records: readonly LoggedRecord[]; readonly to: number }> {
    const records: LoggedRecord[] = [];
    let lookedAt = 0;
    while (this.position < to && records.length < recordsMax && lookedAt < lookedAtMax) {
      const next = this.#ahead[this.#done];
      if (next === undefined) {
        if (!(await this.#readMore(untilMs, lookedAt === 0))) break;
        continue;
      }
      this.#done += 1;
      lookedAt += 1;
      if (isWanted(next)) records.push(next);
    }
    return { records, to: Math.min(to, this.position) };
  }

  /**
   * False when it took too long: what comes late is there for the next chunk. The same for an error that comes after other
   * records, so that these are not in vain.
   */
  async #readMore(untilMs: number, isFirst: boolean): Promise<boolean> {
    if (this.#pending === undefined) {
      this.#pending = this.reader.read();
      // Told to whoever asks next, should nobody wait for it when it rejects.
      this.#pending.catch(() => undefined);
    }
    const pending = isFirst ? this.#pending : this.#pending.catch(() => undefined);
    const read = await within(untilMs - performance.now(), pending);
    if (read === undefined) return false;
    this.#pending = undefined;
    this.#ahead = read.records;
    this.#done = 0;
    this.#readTo = read.nextOffset;
    return true;
  }
}
