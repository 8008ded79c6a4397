import { LRUCache } from 'lru-cache';
import type { HeldVersion } from '../decide.ts';

/** Above what a busy intake publishes while its ledger lags by some seconds. */
const keysMax = 50_000;

/**
 * What this process has just published, until the ledger has it: a resend within the lag is known, and the next
 * command on a key is decided on what the last one did.
 */
export class RecentEvents {
  readonly #versions = new LRUCache<string, readonly HeldVersion[]>({ max: keysMax });

  remember(naturalKey: string, version: HeldVersion): void {
    this.#versions.set(naturalKey, [...(this.#versions.get(naturalKey) ?? []), version]);
  }

  /** What is known of a key: the ledger's word, then what it has not reached yet, in the order of recording. */
  complete(naturalKey: string, fromLedger: readonly HeldVersion[]): readonly HeldVersion[] {
    const recent = this.#versions.get(naturalKey);
    if (recent === undefined) return fromLedger;
    const known = new Set(fromLedger.map(({ eventId }) => eventId));
    const ahead = recent.filter(({ eventId }) => !known.has(eventId));
    if (ahead.length === 0) this.#versions.delete(naturalKey);
    else if (ahead.length < recent.length) this.#versions.set(naturalKey, ahead);
    return [...fromLedger, ...ahead].sort((one, other) => one.recordedAtMs - other.recordedAtMs);
  }
}
