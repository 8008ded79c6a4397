/** The five points at which a crash must change nothing (engine guide, section 9). */
export type ProbePoint = 'fetched' | 'begun' | 'written' | 'committed' | 'acknowledged';

export interface ProbedBatch {
  readonly topic: string;
  readonly partition: number;
  /** Offsets: the first one that is worked, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** True below the checkpoint, where patients are caught up. */
  readonly isBehind?: boolean;
}

/**
 * Called at each point; tests end the process there or make a query fail. *acknowledged* is seen when the next batch of
 * the partition comes, which is after the log has taken the position of the one before.
 */
export type Probe = (point: ProbePoint, batch: ProbedBatch) => void | Promise<void>;

export const noProbe: Probe = () => undefined;
