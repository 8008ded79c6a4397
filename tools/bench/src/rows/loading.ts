import type { StackAddresses } from '@samspill/local-stack';
import type { TimeForm } from './flat-row.ts';

/** What a topic holds the rows as: our events in clear, our events sealed, or flat records for the sink. */
export type RowForm = 'clear' | 'sealed' | TimeForm;

/** What the loader is given at its start. */
export type LoaderSetting = Pick<StackAddresses, 'kafkaBrokers' | 'schemaRegistryUrl'> & {
  /** Needed for sealed rows. */
  readonly keyVaultUrl?: string;
};

/** A topic to be made and filled. */
export interface Load {
  readonly topic: string;
  readonly form: RowForm;
  readonly rows: number;
  readonly patients: number;
}

/** What is known of a topic once it is filled. */
export interface Loaded extends Load {
  /** Event id of the last row of each partition. */
  readonly lastIds: readonly string[];
  /** Rows spread over the whole, to be compared with what is written. */
  readonly spread: readonly { readonly index: number; readonly offset: number }[];
}

export type LoaderOrders = {
  readonly load: (given: Load) => Promise<Loaded>;
  readonly end: () => Promise<void>;
};
