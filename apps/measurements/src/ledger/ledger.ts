import type { EventId } from '@samspill/kernel';
import type { HeldVersion } from '../decide.ts';

/** The content of a version that a later one replaces, as far as the service's own read model holds it. */
export interface FormerContent {
  readonly sourceUpdatedAtMs: number | undefined;
  /** The Observation as received, JSON. */
  readonly resource: string;
}

/** What the intake remembers: PostgreSQL in the mesh, memory in unit tests. */
export interface Ledger {
  /**
   * What is known of each natural key, in the order in which it was recorded; no entry for a key that is not known.
   * It may lag behind the log. Rejects with DATABASE_UNAVAILABLE.
   */
  held(naturalKeys: readonly string[]): Promise<ReadonlyMap<string, readonly HeldVersion[]>>;
  /**
   * Resolves once the ledger stands where the log ended when this was called. Rejects with POSITION_NOT_REACHED,
   * DATABASE_UNAVAILABLE or EVENT_LOG_UNAVAILABLE.
   */
  caughtUp(): Promise<void>;
  /**
   * Contents of versions on the log, by event id. What the read model does not hold soon, or may not open, is absent.
   * Rejects with DATABASE_UNAVAILABLE.
   */
  formerContents(versions: readonly HeldVersion[]): Promise<ReadonlyMap<EventId, FormerContent>>;
}
