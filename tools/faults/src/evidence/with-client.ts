import { withDatabase } from '@samspill/local-stack';
import type { Client } from 'pg';

const limits = { connectionTimeoutMillis: 3_000, query_timeout: 60_000 };

/** {@link withDatabase} within the limits of the fault run: what a fault keeps from answering is given up. */
export const withClient = <T>(url: string, work: (db: Client) => Promise<T>): Promise<T> =>
  withDatabase(url, work, limits);
