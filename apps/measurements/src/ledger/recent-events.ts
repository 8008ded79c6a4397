import type { Pseudonym } from '@samspill/kernel';
import { PatientCache } from '@samspill/privacy';
import type { OwnCache } from '@samspill/service';
import type { HeldVersion } from '../decide.ts';

/** Above what a busy intake publishes while its ledger lags by some seconds. */
const keysMax = 50_000;
/** The ledger is waited for as soon as one version of a key is known here, so the last ones suffice. */
const versionsMax = 10;

/**
 * What this process has published of late. It bridges the lag of the ledger: a resend within it is known, and the next
 * command on a key is decided on what the last one did. Like the ledger it keeps marks and ids whatever is withheld.
 */
export class RecentEvents implements OwnCache {
  readonly name = 'recent-events';
  readonly #versions = new PatientCache<readonly HeldVersion[]>({
    entriesMax: keysMax,
    patientsOf: (versions) => versions.map(({ patient }) => patient),
  });

  remember(naturalKey: string, version: HeldVersion): void {
    const before = this.#versions.get(naturalKey) ?? [];
    this.#versions.set(naturalKey, [...before.slice(1 - versionsMax), version]);
  }

  holds(patient: Pseudonym): boolean {
    return this.#versions.holds(patient);
  }

  /** Forgets what the ledger does not keep either: source times stand in the sealed part alone. */
  forgetContent(patient: Pseudonym): void {
    for (const naturalKey of this.#versions.namesOf(patient)) {
      const versions = this.#versions.get(naturalKey) ?? [];
      this.#versions.set(
        naturalKey,
        versions.map((one) =>
          one.patient === patient ? { ...one, sourceUpdatedAtMs: undefined } : one,
        ),
      );
    }
  }

  /**
   * What is known of a key, in the order of recording: the ledger's word, with the source times that it cannot know,
   * then what it has not reached yet.
   */
  complete(naturalKey: string, fromLedger: readonly HeldVersion[]): readonly HeldVersion[] {
    const recent = this.#versions.get(naturalKey);
    if (recent === undefined) return fromLedger;
    const recentById = new Map(recent.map((version) => [version.eventId, version]));
    const known = new Set(fromLedger.map(({ eventId }) => eventId));
    return [
      ...fromLedger.map((version) => ({
        ...version,
        sourceUpdatedAtMs: recentById.get(version.eventId)?.sourceUpdatedAtMs,
      })),
      ...recent.filter(({ eventId }) => !known.has(eventId)),
    ].sort((one, other) => one.recordedAtMs - other.recordedAtMs);
  }
}
