import type { ConsumerSubscription } from '@samspill/contracts';
import type { Pseudonym } from '@samspill/kernel';
import { inTransaction } from '@samspill/read-model';
import type { Pool, PoolClient } from 'pg';
import { orderRule, type DeliveryPolicy } from './delivery-policy.ts';
import { writeGrants } from './grants.ts';
import { lockOutbox } from './outbox.ts';

/** An operator's word about one patient's data of one product, for one consumer. */
export interface GrantOrder {
  readonly subscription: ConsumerSubscription;
  readonly product: string;
  /** All linked pseudonyms of the patient. */
  readonly patients: readonly Pseudonym[];
  /** Why; names no person. */
  readonly cause: string;
}

const orderSql = `
  INSERT INTO withholding_order (consumer, product, patient, cause)
  SELECT $1, $2, patient, $4 FROM unnest($3::text[]) AS patient
  ON CONFLICT (consumer, product, patient) WHERE lifted_at IS NULL DO NOTHING
  RETURNING patient`;

/**
 * Puts an order to withhold into force, closes the grant and states it, in one transaction. It is stated also where no
 * grant was open: a database restored from a backup knows its orders from the log alone. An order that stands already
 * is left as it is. Answers with the count of pseudonyms that it is new for.
 */
export async function closeGrant(
  pool: Pool,
  { subscription: { consumer }, product, patients, cause }: GrantOrder,
): Promise<number> {
  return inTransaction(pool, async (tx) => {
    await lockOutbox(tx);
    const ordered = await patientsOf(tx, orderSql, [consumer, product, patients, cause]);
    const decision = { permit: false, rules: [closingCause(cause)] };
    await writeGrants(
      tx,
      { consumer, product },
      ordered.map((patient) => ({ patient, decision })),
    );
    return ordered.length;
  });
}

const liftSql = `
  UPDATE withholding_order SET lifted_at = now(), lifted_cause = $4
   WHERE consumer = $1 AND product = $2 AND patient = ANY($3) AND lifted_at IS NULL
  RETURNING patient`;

/**
 * Takes an order to withhold back and opens the grant, in one transaction: a consumer does not ask again of itself.
 * Where another rule of policy refuses, the grant stays closed and that rule is stated. Answers with the count of
 * pseudonyms for which an order stood.
 */
export async function openGrant(
  pool: Pool,
  policy: DeliveryPolicy,
  { subscription, product, patients, cause }: GrantOrder,
): Promise<number> {
  const { consumer } = subscription;
  return inTransaction(pool, async (tx) => {
    await lockOutbox(tx);
    const lifted = await patientsOf(tx, liftSql, [consumer, product, patients, cause]);
    await writeGrants(
      tx,
      { consumer, product },
      lifted.map((patient) => {
        const question = { consumer, product, patient, subscription, isWithheldByOrder: false };
        return { patient, decision: policy(question) };
      }),
    );
    return lifted.length;
  });
}

async function patientsOf(tx: PoolClient, sql: string, values: unknown[]): Promise<Pseudonym[]> {
  const { rows } = await tx.query<{ patient: Pseudonym }>(sql, values);
  return rows.map(({ patient }) => patient).sort();
}

const prefix = `${orderRule}: `;

/** The cause of a `GrantClosed`, by which the log also keeps that an order stands. */
const closingCause = (cause: string): string => `${prefix}${cause}`;

/** The cause of the order that closed a grant; undefined when another rule did. */
export const orderCauseOf = (cause: string): string | undefined =>
  cause.startsWith(prefix) ? cause.slice(prefix.length) : undefined;
