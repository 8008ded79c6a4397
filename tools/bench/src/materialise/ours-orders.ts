import type { StackAddresses } from '@samspill/local-stack';

/** What our materialiser in a process of its own is given at its start. */
export interface OursSetting extends Pick<StackAddresses, 'kafkaBrokers' | 'schemaRegistryUrl'> {
  readonly databaseUrl: string;
  readonly keyVaultUrl: string;
  readonly form: 'clear' | 'sealed';
  readonly topic: string;
}

export type OursOrders = {
  /**
   * Makes the tables in a schema that is not there yet and joins the group, in this same process with what it holds by now.
   * Resolves once the first records are fetched and all is known of the patients' grants; no record is worked before `go`.
   */
  readonly arm: (given: { readonly schema: string }) => Promise<void>;
  readonly go: () => Promise<void>;
  /** Instead of both: makes the tables where they are absent, joins, and works what comes. */
  readonly follow: (given: { readonly schema: string }) => Promise<void>;
  /** Leaves the group and lets go of the tables. */
  readonly disarm: () => Promise<void>;
  readonly end: () => Promise<void>;
};
