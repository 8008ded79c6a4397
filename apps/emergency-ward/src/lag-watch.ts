import type { Clock } from '@samspill/kernel';
import type { Freshness } from './overview.ts';

/** Token under which Nest hands the {@link LagWatch} to controllers. */
export const LAG_WATCH = Symbol('LAG_WATCH');

/** An observation older than this says nothing about now. */
const validMs = 5_000;

/**
 * Remembers how far the read model is behind the log, so that a screen asks neither the brokers nor waits for them: it
 * shows what is held also while they are away, and says that the lag is unknown.
 */
export class LagWatch {
  private last: { readonly records: number; readonly at: number } | undefined;
  private levelAt: number | undefined;
  private isLooking = false;

  constructor(
    private readonly readLag: () => Promise<readonly { readonly records: number }[]>,
    private readonly clock: Clock,
  ) {}

  /** Looks once, unless a look is under way. One that fails leaves what was seen before, which grows old. */
  async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    const at = this.clock().getTime();
    const partitions = await this.readLag().catch(() => undefined);
    this.isLooking = false;
    if (partitions === undefined) return;
    const records = partitions.reduce((sum, partition) => sum + partition.records, 0);
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
