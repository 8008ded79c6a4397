import type { PartitionRange } from '@samspill/event-log';
import { within, type Clock } from '@samspill/kernel';
import { listCheckpoints, type Checkpoint } from '@samspill/read-model';
import { EndHistory } from './end-history.ts';
import type { Operations } from './operations.ts';

/** Token under which Nest hands the {@link LagWatch} to controllers. */
export const OPERATED_LAG = Symbol('OPERATED_LAG');

/** How far one version of a read model is behind on one partition. */
export interface PartitionStanding extends Checkpoint {
  /** Offset after the last record; null while the log does not answer. */
  readonly end: number | null;
  /** Records between checkpoint and end; null while the log does not answer. */
  readonly records: number | null;
  /** Age of the first record that is not applied, at most; null while that is not known. */
  readonly behindSeconds: number | null;
}

/** An operator who asks during an outage is not kept waiting by it. */
const answerWithinMs = 3_000;

/**
 * How far all versions of a service's read models are behind: checkpoints of the database beside ends of the log, so
 * that any instance answers alike. Ages are known for what was written while this process looked.
 */
export class LagWatch {
  readonly #ends = new EndHistory();
  readonly #asked = new Map<string, Promise<PartitionRange[]>>();

  constructor(
    private readonly operations: Pick<Operations, 'pool' | 'schema' | 'eventLog' | 'projections'>,
    private readonly clock: Clock,
  ) {}

  /** Looks once. Rejects with DATABASE_UNAVAILABLE; without an answer of the log, ends are null. */
  async look(): Promise<PartitionStanding[]> {
    const { pool, projections } = this.operations;
    const names = new Set(projections.map(({ name }) => name));
    const checkpoints = (await listCheckpoints(pool, this.operations)).filter(({ projection }) =>
      names.has(projection),
    );
    const topics = [...new Set(checkpoints.map(({ topic }) => topic))];
    const ranges = (await Promise.all(topics.map((topic) => this.#rangesSoon(topic)))).flat();
    const nowMs = this.clock().getTime();
    this.#ends.note(ranges, nowMs);
    return checkpoints.map((checkpoint) => {
      const { topic, partition, next } = checkpoint;
      const range = ranges.find((one) => one.topic === topic && one.partition === partition);
      if (range === undefined) return { ...checkpoint, ...unknownLag };
      const { start, end } = range;
      const records = Math.max(0, end - Math.max(next, start));
      const behindSeconds = records === 0 ? 0 : this.#ends.behindSeconds(checkpoint, nowMs);
      return { ...checkpoint, end, records, behindSeconds };
    });
  }

  /** Nothing where the log does not answer soon; the question goes on, and is not asked twice at once. */
  async #rangesSoon(topic: string): Promise<PartitionRange[]> {
    const asked =
      this.#asked.get(topic) ??
      this.operations.eventLog
        .ranges(topic)
        .catch((): PartitionRange[] => [])
        .finally(() => this.#asked.delete(topic));
    this.#asked.set(topic, asked);
    return (await within(answerWithinMs, asked)) ?? [];
  }
}

const unknownLag = { end: null, records: null, behindSeconds: null } as const;
