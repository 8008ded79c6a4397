import { keyVault } from '@samspill/contracts';
import type { EventLog } from '@samspill/event-log';
import { SamspillError, within, type Position } from '@samspill/kernel';
import { reachedPositions, type ReachedPositionsOptions } from '@samspill/read-model';
import type { Pool } from 'pg';
import { Gauge, type Registry } from 'prom-client';
import { oneAtATime } from './one-at-a-time.ts';

const lookEveryMs = 1_000;
/** A read does not wait longer for a look: one at brokers that are away takes its time. */
const readWaitsMs = 2_000;
/**
 * While the log is away nobody learns what was closed. So long what was held before is still shown: whoever stands by a
 * patient at night needs it more than a broker's mending takes; after that an order to close weighs more.
 */
const showUnknownForMs = 60 * 60_000;

/** Where the patient state ended, and whether the read model has come so far. */
export interface PatientState {
  /** The last record of each partition that has one. */
  last(): Promise<readonly Position[]>;
  /** Rejects while a position is not reached. */
  reached(positions: readonly Position[]): Promise<void>;
}

/**
 * Knows until when a read model holds every closed grant and destroyed key of the log. One that was down, or that was
 * restored from a backup, would else show what was closed meanwhile.
 */
export class PatientStateWatch {
  #wanted: { readonly positions: readonly Position[]; readonly atMs: number } | undefined;
  #knownAtMs: number | undefined;

  constructor(
    private readonly state: PatientState,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** Looks once, unless a look is under way; what is away leaves what was known before. */
  readonly look = oneAtATime(() =>
    this.#lookOnce().catch((error: unknown) => {
      if (!(error instanceof SamspillError)) throw error;
    }),
  );

  /** Rejects with PATIENT_STATE_UNKNOWN; looks first when it is not known. */
  async known(): Promise<void> {
    if (!this.#isKnown()) await within(readWaitsMs, this.look());
    if (!this.#isKnown()) throw new SamspillError('PATIENT_STATE_UNKNOWN');
  }

  /** Age of what is known, in seconds; undefined before the first time. */
  get ageSeconds(): number | undefined {
    return this.#knownAtMs === undefined ? undefined : (this.nowMs() - this.#knownAtMs) / 1000;
  }

  #isKnown(): boolean {
    return this.#knownAtMs !== undefined && this.nowMs() - this.#knownAtMs <= showUnknownForMs;
  }

  async #lookOnce(): Promise<void> {
    // Kept until it is reached: while facts come all the time, the read model is never at the very end.
    const atMs = this.nowMs();
    this.#wanted ??= { positions: await this.state.last(), atMs };
    await this.state.reached(this.#wanted.positions);
    this.#knownAtMs = this.#wanted.atMs;
    this.#wanted = undefined;
  }
}

/** The patient state of a read model, by its checkpoints in PostgreSQL: whichever instance applied it. */
export const patientStateOf = (
  { eventLog, pool }: { readonly eventLog: Pick<EventLog, 'ranges'>; readonly pool: Pool },
  readModel: Pick<ReachedPositionsOptions, 'schema' | 'projection'>,
): PatientState => ({
  last: async () =>
    (await eventLog.ranges(keyVault.topic))
      .filter(({ start, end }) => end > start)
      .map(({ topic, partition, end }) => ({ topic, partition, offset: end - 1 })),
  reached: (positions) => reachedPositions(pool, { ...readModel, positions, timeoutMs: 0 }),
});

/** Looks every second, and tells the age of what is known. Answers with the end of it. */
export function keepLooking(watch: PatientStateWatch, metrics: Registry): () => void {
  new Gauge({
    name: 'patient_state_age_seconds',
    help: 'Since the read model held every closed grant and destroyed key of the log; grows while it does not know, NaN before the first time.',
    registers: [metrics],
    collect() {
      this.set(watch.ageSeconds ?? NaN);
    },
  });
  const looking = setInterval(() => void watch.look(), lookEveryMs).unref();
  return () => clearInterval(looking);
}
