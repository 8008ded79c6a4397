import type { Clock } from '@samspill/kernel';
import type { Freshness } from './overview.ts';

/** Token under which Nest hands the {@link LagWatch} to controllers. */
export const LAG_WATCH = Symbol('LAG_WATCH');

/** An observation older than this says nothing about now. */
const validMs = 5_000;

/** How far a version of the read model is behind on one partition; null while the log does not answer. */
interface Standing {
  readonly state: string;
  readonly records: number | null;
}

/**
 * Remembers how far the read model is behind the log, so that a screen asks neither the brokers nor waits for them: it
 * shows what is held also while they are away, and says that the lag is unknown.
 */
export class LagWatch {
  private last: { readonly records: number; readonly at: number } | undefined;
  private levelAt: number | undefined;

  constructor(private readonly clock: Clock) {}

  /**
   * Takes what a look saw that began then. One that does not tell of every partition, or of none, as before the first
   * claim, leaves what was seen before, which grows old.
   */
  note(standings: readonly Standing[], began: Date): void {
    const lags = standings.filter(({ state }) => state === 'live').map(({ records }) => records);
    if (lags.length === 0 || !lags.every((lag) => lag !== null)) return;
    const records = lags.reduce((sum, lag) => sum + lag, 0);
    const at = began.getTime();
    this.last = { records, at };
    if (records === 0) this.levelAt = at;
  }

  freshness(): Freshness {
    const now = this.clock().getTime();
    if (this.last === undefined || now - this.last.at > validMs) {
      return { lagRecords: null, behindSeconds: null };
    }
    const { records } = this.last;
    if (records === 0) return { lagRecords: 0, behindSeconds: 0 };
    return {
      lagRecords: records,
      behindSeconds:
        this.levelAt === undefined ? null : Math.max(1, Math.floor((now - this.levelAt) / 1000)),
    };
  }
}
