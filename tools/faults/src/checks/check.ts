import type { Evidence } from '../evidence/evidence.ts';

/** A promise that does not hold, and where to look. */
export interface Finding {
  readonly check: string;
  readonly message: string;
  readonly patient?: string | undefined;
  readonly eventId?: string | undefined;
  /** `topic:partition:offset` */
  readonly position?: string | undefined;
  /** Milliseconds since the epoch: when it shows in the history. */
  readonly at?: number | undefined;
}

/** One promise, and the search for what breaks it. Pure. */
export interface Check {
  readonly name: string;
  /** What holds when nothing is found. */
  readonly promise: string;
  readonly find: (evidence: Evidence) => Omit<Finding, 'check'>[];
}
