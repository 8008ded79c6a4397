import { partitionOf } from '@samspill/event-log';
import {
  backOffMs,
  isRetriable,
  pause,
  throwUnlessRetriable,
  type ErrorCode,
  type Pseudonym,
  type SamspillError,
} from '@samspill/kernel';
import { catchUp, type CatchUpContext } from './catch-up.ts';
import { readWaiting, type Gate, type Gates } from './gate.ts';
import type { OwnedPartitions, WorkedPartition } from './owned-partitions.ts';
import { ParkingStopped, noteParkingStop } from './parking-limit.ts';
import { tellHeld } from './tell-held.ts';

export interface CatchingUpContext extends CatchUpContext {
  readonly owned: OwnedPartitions;
  /** How often it looks whether somebody waits; 500 unless given. */
  readonly lookForWaitingMs?: number;
}

/** Of one look; the rest is found by the next one. */
const waitingMax = 100_000;
const backOff = { minMs: 100, maxMs: 5_000 };

/** Why a partition's pass failed, and when the next one begins. */
interface Held {
  readonly code: ErrorCode;
  readonly attempt: number;
  readonly untilMs: number;
}

/**
 * Catches up whoever waits on the partitions that this process owns: granted again or requeued, by one mechanism. One
 * partition after the other, so that it takes a bounded part of the process; a pass that failed is begun again.
 */
export class CatchingUp {
  readonly #closing = new AbortController();
  readonly #failed = Promise.withResolvers<never>();
  readonly #held = new Map<number, Held>();
  readonly #working: Promise<void>;
  #partitions: number | undefined;

  constructor(private readonly context: CatchingUpContext) {
    // Whoever wants to know waits for `failed`; nobody has to.
    this.#failed.promise.catch(() => undefined);
    this.#working = this.#lookOn();
  }

  /** Rejects when it died of a fault of ours, or of a log that does not belong to the database. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#working;
  }

  async #lookOn(): Promise<void> {
    const { signal } = this.#closing;
    const { lookForWaitingMs = 500 } = this.context;
    try {
      while (await pause(lookForWaitingMs, signal)) await this.#look();
    } catch (error) {
      this.#failed.reject(error);
    }
  }

  async #look(): Promise<void> {
    const { pool, readModel, owned, projection } = this.context;
    const due = (): WorkedPartition[] =>
      owned.of(projection.product.topic).filter((partition) => this.#isDue(partition));
    if (due().length === 0) return;
    try {
      const waiting = await readWaiting(pool, readModel, waitingMax);
      if (waiting.size === 0) return;
      const byPartition = await this.#byPartition(waiting);
      // Anew, since a partition may have been claimed again meanwhile.
      for (const partition of due()) {
        const own = byPartition.get(partition.partition);
        if (own !== undefined && !this.#closing.signal.aborted)
          await this.#pass(partition, new Map(own));
      }
    } catch (error) {
      throwUnlessRetriable(error);
    }
  }

  async #byPartition(waiting: Gates): Promise<Map<number, [Pseudonym, Gate][]>> {
    const { eventLog, projection } = this.context;
    const count = (this.#partitions ??= (await eventLog.ranges(projection.product.topic)).length);
    return Map.groupBy(waiting, ([patient]) => partitionOf(patient, count));
  }

  #isDue({ partition }: WorkedPartition): boolean {
    return performance.now() >= (this.#held.get(partition)?.untilMs ?? 0);
  }

  async #pass(partition: WorkedPartition, gates: Gates): Promise<void> {
    const { logger } = this.context;
    const { signal } = this.#closing;
    const place = { topic: partition.topic, partition: partition.partition };
    const isFirst = !this.#held.has(partition.partition);
    if (isFirst) logger.info({ ...place, patients: gates.size }, 'catching up');
    try {
      const done = await catchUp(this.context, partition, gates, signal);
      this.#held.delete(partition.partition);
      logger.info({ ...place, ...done }, 'caught up');
    } catch (error) {
      if (signal.aborted) return;
      if (!isRetriable(error)) throw error;
      await this.#hold(partition, error);
    }
  }

  async #hold(partition: WorkedPartition, error: SamspillError): Promise<void> {
    const { pool, readModel, logger } = this.context;
    if (error.code === 'PARTITION_FENCED') partition.isLost = true;
    const before = this.#held.get(partition.partition);
    const attempt = (before?.attempt ?? -1) + 1;
    const untilMs = performance.now() + backOffMs(attempt, backOff);
    this.#held.set(partition.partition, { code: error.code, attempt, untilMs });
    if (error instanceof ParkingStopped) await noteParkingStop(pool, readModel, partition, error);
    if (before?.code === error.code) return;
    const { topic, partition: number } = partition;
    tellHeld(logger, { topic, partition: number }, error, 'catching up is held');
  }
}
