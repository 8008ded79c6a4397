/** What a producer sent to one partition in one request. */
export interface SentBatch {
  readonly producerId: string;
  readonly firstSequence: number;
  /** The values of the records, as text. */
  readonly values: readonly string[];
}

interface AppendedBatch {
  readonly first: number;
  readonly last: number;
  readonly baseOffset: number;
}

export const outOfOrderSequence = 45;
const noProducerId = '-1';

/**
 * A partition that checks sequences as Kafka's ProducerStateEntry does: a batch whose range of sequence numbers is among
 * the last five of its producer counts as a repeat, whatever records it carries; any other must follow on.
 */
export class ScriptedPartition {
  /** The values of the records in the log, in order. */
  readonly log: string[] = [];
  /** How many records each batch in the log has. */
  readonly batchSizes: number[] = [];
  readonly #batches = new Map<string, AppendedBatch[]>();

  /** Answers with the base offset, or with the error code of the broker. */
  append({ producerId, firstSequence, values }: SentBatch): { baseOffset: number } | number {
    const baseOffset = this.log.length;
    if (producerId !== noProducerId) {
      const known = this.#batches.get(producerId) ?? [];
      const last = firstSequence + values.length - 1;
      const repeated = known.find((batch) => batch.first === firstSequence && batch.last === last);
      if (repeated !== undefined) return repeated;
      const previous = known.at(-1);
      if (previous !== undefined && firstSequence !== previous.last + 1) return outOfOrderSequence;
      const appended = { first: firstSequence, last, baseOffset };
      this.#batches.set(producerId, [...known, appended].slice(-5));
    }
    this.log.push(...values);
    this.batchSizes.push(values.length);
    return { baseOffset };
  }
}
