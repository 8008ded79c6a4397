import type { EventLog, EventLogLogger, LoggedRecord } from '@samspill/event-log';
import { isPseudonym, type Pseudonym } from '@samspill/kernel';
import type { KeyClient } from '@samspill/privacy';
import type { WireFormat } from '@samspill/schema-registry';
import { readCheckpoint } from './checkpoint.ts';
import { decodeBatch, type Decoded } from './decode-batch.ts';
import type { Gate, Gates } from './gate.ts';
import { openBatch } from './open-batch.ts';
import type { WorkedPartition } from './owned-partitions.ts';
import type { OutcomeKind } from './plan.ts';
import { RecordsAhead } from './records-ahead.ts';
import { tellRejected } from './tell-rejected.ts';
import { asIfOpen, writeCaughtUp, type CaughtUp } from './write-caught-up.ts';
import type { BatchTarget } from './write-batch.ts';

export interface CatchUpContext extends BatchTarget {
  readonly eventLog: EventLog;
  readonly wire: WireFormat;
  readonly keys: KeyClient;
  /** Consumer group of the version. */
  readonly group: string;
  readonly logger: EventLogLogger;
  readonly onCaughtUp?: (chunk: CaughtUpChunk) => void;
  readonly catchUpSizes?: CatchUpSizes;
}

/** What a chunk of catching up came to. */
export interface CaughtUpChunk {
  /** Records of those who wait, by what became of them. */
  readonly counts: ReadonlyMap<OutcomeKind, number>;
  /** Patients whose gates it opened. */
  readonly opened: number;
}

export interface CatchUpSizes {
  /** Records of a transaction; as in the live stream, about 100 ms of work. */
  readonly recordsMax: number;
  /** Keys alone are looked at in the records of others. */
  readonly lookedAtMax: number;
  /** So close to the checkpoint the live stream is made to wait. */
  readonly nearRecords: number;
  /** After so many records for each who waits progress is written down for all, which another pass begins with. */
  readonly notedEvery: number;
}

const defaultSizes: CatchUpSizes = {
  recordsMax: 1_000,
  lookedAtMax: 10_000,
  nearRecords: 1_000,
  notedEvery: 10,
};
/** However many wait: a pass that is held begins again every few seconds, and looks at the keys of so many anew. */
const notedAtMost = 100_000;
/** What was read within this is written; the log may be slow to give the rest. */
const readMaxMs = 10_000;
/** How long it waits at most before it has its turn again. */
const turnMaxMs = 2_000;

/**
 * One pass over a partition for all who wait there, from the least of their offsets to the checkpoint, while the live
 * stream goes on (engine guide 8.5). What it has done for a patient is kept with the chunk, so that no other pass does it again.
 * Ends early when `over` is aborted. Rejects as the log, the key vault, the registry and the database do, and with
 * PARTITION_FENCED or PARKING_STOPPED.
 */
export async function catchUp(
  context: CatchUpContext,
  partition: WorkedPartition,
  gates: Gates,
  over: AbortSignal,
): Promise<{ readonly records: number; readonly opened: number }> {
  const { eventLog, group } = context;
  const { topic, partition: number } = partition;
  const from = [...gates.values()].reduce(
    (least, gate) => Math.min(least, gate.fromOffset),
    Infinity,
  );
  const name = `${group}.catching-up`;
  const reader = await eventLog.reader({ topic, partition: number, from, name });
  const stop = (): void => void reader.close();
  over.addEventListener('abort', stop, { once: true });
  const pass = new Pass(context, partition, new RecordsAhead(reader, from), new Map(gates));
  try {
    while (!pass.isDone && !over.aborted) await pass.goOn();
  } finally {
    over.removeEventListener('abort', stop);
    await reader.close();
  }
  return pass.done;
}

class Pass {
  readonly done = { records: 0, opened: 0 };
  readonly #sizes: CatchUpSizes;
  /** Up to here progress is written down for all. */
  #noted: number;

  constructor(
    private readonly context: CatchUpContext,
    private readonly partition: WorkedPartition,
    private readonly ahead: RecordsAhead,
    private readonly waiting: Map<Pseudonym, Gate>,
  ) {
    this.#sizes = context.catchUpSizes ?? defaultSizes;
    this.#noted = ahead.position;
  }

  get isDone(): boolean {
    return this.waiting.size === 0;
  }

  /** A chunk beside the live stream; the last ones while it waits, so that there is an end to it. */
  async goOn(): Promise<void> {
    const next = await this.#checkpoint();
    const isNear = next - this.ahead.position <= this.#sizes.nearRecords;
    if (!isNear) return this.#chunk(next, performance.now() + readMaxMs);
    const endTurn = await this.partition.turn.take();
    const untilMs = performance.now() + turnMaxMs;
    try {
      // Whoever has the turn sees the checkpoint stand still.
      const stands = await this.#checkpoint();
      while (!this.isDone && performance.now() < untilMs) await this.#chunk(stands, untilMs);
    } finally {
      endTurn();
    }
  }

  async #checkpoint(): Promise<number> {
    const { pool, readModel } = this.context;
    return (await readCheckpoint(pool, readModel, this.partition)).next;
  }

  async #chunk(next: number, untilMs: number): Promise<void> {
    const { wire, keys, projection, onCaughtUp, logger } = this.context;
    const from = this.ahead.position;
    const wanted = { ...this.#sizes, to: next, untilMs };
    const { records, to } = await this.ahead.chunk((record) => this.#isWanted(record), wanted);
    const decoded = await decodeBatch(wire, records);
    const judged = await openBatch({ wire, keys, projection }, decoded, this.#openFor(decoded));
    const noteAfter = Math.min(this.#sizes.notedEvery * this.waiting.size, notedAtMost);
    const notesAll = to - this.#noted >= noteAfter;
    const chunk = { judged, waiting: this.waiting, from, to, notesAll };
    const written = await writeCaughtUp(this.context, this.partition, chunk);
    this.#follow(written);
    if (notesAll) this.#noted = to;
    this.done.records += records.length;
    this.done.opened += written.opened;
    tellRejected(logger, written.rejected);
    onCaughtUp?.(written);
  }

  #openFor(decoded: readonly Decoded[]): Gates {
    const gates = decoded.flatMap(({ patient }): [Pseudonym, Gate][] => {
      const gate = patient && this.waiting.get(patient);
      return gate ? [[patient, gate]] : [];
    });
    return asIfOpen(new Map(gates));
  }

  #follow({ looked, isReached }: CaughtUp): void {
    if (isReached) this.waiting.clear();
    else
      for (const [patient, gate] of looked) {
        if (gate === undefined) this.waiting.delete(patient);
        else this.waiting.set(patient, gate);
      }
  }

  #isWanted({ key, offset }: LoggedRecord): boolean {
    if (key === undefined || !isPseudonym(key)) return false;
    const gate = this.waiting.get(key);
    return gate !== undefined && offset >= gate.fromOffset;
  }
}
