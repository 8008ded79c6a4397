/** A part of the workload that goes on until it is stopped. */
export interface Running {
  /** Begins nothing new; resolves when what was begun has its outcome. */
  stop(): Promise<void>;
  /** Gives up on what is still open. */
  abandon(): void;
}
