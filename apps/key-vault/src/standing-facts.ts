import { askedGauges, sparingly } from '@samspill/service';
import type { Pool, PoolClient } from 'pg';
import type { Registry } from 'prom-client';

interface GrantCount {
  readonly consumer: string;
  readonly product: string;
  readonly open: number;
  readonly closed: number;
}

interface Waiting {
  readonly facts: number;
  /** Since the oldest was stated; 0 when none waits. */
  readonly seconds: number;
}

/** Patients by whether the consumer may have their keys. */
export const countGrants = async (db: Pool | PoolClient): Promise<GrantCount[]> => {
  const { rows } = await db.query<GrantCount>(`
    SELECT consumer, product, count(*) FILTER (WHERE closed_at IS NULL) AS open, count(closed_at) AS closed
      FROM delivery_grant GROUP BY consumer, product`);
  return rows;
};

/** What the log does not hold yet. */
export const countWaiting = async (db: Pool | PoolClient): Promise<Waiting> => {
  const { rows } = await db.query<Waiting>(`
    SELECT count(*) AS facts,
           coalesce(extract(epoch FROM clock_timestamp() - min(occurred_at)), 0)::float8 AS seconds
      FROM outbox WHERE log_offset IS NULL`);
  return rows[0] ?? { facts: 0, seconds: 0 };
};

/** What stands in the vault's database, asked when the metrics are read: any instance tells the same. */
export function observeStandingFacts(registry: Registry, pool: Pool): void {
  askedGauges(
    registry,
    // A row a patient, consumer and product.
    sparingly(() => countGrants(pool)),
  )({
    name: 'key_vault_grants',
    help: 'Pseudonyms by whether the consumer may have their keys of the product: open or closed.',
    labels: ['consumer', 'product', 'state'],
    fill: (of, grants) => {
      for (const { consumer, product, open, closed } of grants) {
        of.set({ consumer, product, state: 'open' }, open);
        of.set({ consumer, product, state: 'closed' }, closed);
      }
    },
  });
  const waiting = askedGauges(
    registry,
    sparingly(() => countWaiting(pool)),
  );
  waiting({
    name: 'key_vault_outbox_waiting',
    help: 'Facts (grants, shreds) that are committed and not in the log yet.',
    labels: [],
    fill: (of, { facts }) => of.set(facts),
  });
  waiting({
    name: 'key_vault_outbox_waiting_seconds',
    help: 'Since the oldest of these facts was committed; 0 when none waits.',
    labels: [],
    fill: (of, { seconds }) => of.set(seconds),
  });
}
