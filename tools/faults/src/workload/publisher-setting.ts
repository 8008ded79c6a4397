import type { Pseudonym } from '@samspill/kernel';

/** What a publisher process is told, as JSON in PUBLISHER_SETTING. */
export interface PublisherSetting {
  readonly name: string;
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  readonly keyVaultUrl: string;
  readonly people: readonly {
    readonly number: number;
    readonly pseudonym: Pseudonym;
    /** The operation that it begins with: perhaps one that a process before it left open. */
    readonly n: number;
  }[];
  /** Between two operations of one person. */
  readonly everyMs: number;
}
