import type { StackAddresses } from '@samspill/local-stack';
import type { RowForm } from '../rows/loading.ts';

/** The rate of `steady`. */
export const eventsPerMs = 1;

/** What the process that produces and looks is given at its start. */
export interface ObserverSetting extends Pick<
  StackAddresses,
  'kafkaBrokers' | 'schemaRegistryUrl'
> {
  readonly databaseUrl: string;
  readonly keyVaultUrl: string;
  readonly form: RowForm;
  readonly topic: string;
  /** The table that the contender fills, with its schema. */
  readonly table: string;
  readonly patients: number;
  /** Index of the first row: none below was used for this table. */
  readonly firstIndex: number;
}

/** Times in milliseconds. */
export interface Freshness {
  readonly events: number;
  /** From when an event was due to be sent until its row was seen. */
  readonly seen: Percentiles;
  /** From when it was due until it was acknowledged. */
  readonly acknowledged: Percentiles;
}

export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

export type ObserverOrders = {
  /** Sends as fast as it goes; resolves when each row was seen. */
  readonly burst: (given: { readonly events: number }) => Promise<void>;
  /** Sends at a steady rate, whatever becomes of them; resolves when each row was seen. */
  readonly steady: (given: { readonly lastsMs: number }) => Promise<Freshness>;
  readonly end: () => Promise<void>;
};
