import type { ConsumerSubscription } from '@samspill/contracts';
import type { Pseudonym } from '@samspill/kernel';
import { inTransaction } from '@samspill/read-model';
import type { Pool, PoolClient } from 'pg';
import { orderRule, type DeliveryPolicy } from './delivery-policy.ts';
import { appendFacts, lockOutbox, type PatientFact } from './outbox.ts';

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
const closeSql = `
  INSERT INTO delivery_grant AS known (consumer, product, patient, closed_at)
  SELECT $1, $2, patient, now() FROM unnest($3::text[]) AS patient
  ON CONFLICT (consumer, product, patient) DO UPDATE SET closed_at = now()
   WHERE known.closed_at IS NULL`;

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
    const parameters = [consumer, product, patients, cause];
    const changed = await patientsOf(tx, orderSql, parameters);
    await tx.query(closeSql, [consumer, product, changed]);
    const facts = { consumer, product, cause: closingCause(cause) };
    await appendFacts(
      tx,
      changed.map((patient): PatientFact => ({ patient, event: 'GrantClosed', facts })),
    );
    return changed.length;
  });
}

const liftSql = `
  UPDATE withholding_order SET lifted_at = now(), lifted_cause = $4
   WHERE consumer = $1 AND product = $2 AND patient = ANY($3) AND lifted_at IS NULL
  RETURNING patient`;
const openSql = `
  UPDATE delivery_grant SET opened_at = now(), closed_at = NULL
   WHERE consumer = $1 AND product = $2 AND patient = ANY($3)`;

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
    const facts = lifted.map((patient): PatientFact => {
      const isWithheldByOrder = false;
      const decision = policy({ consumer, product, patient, subscription, isWithheldByOrder });
      if (decision.permit) return { patient, event: 'GrantOpened', facts: { consumer, product } };
      const rules = decision.rules.join(', ');
      return { patient, event: 'GrantClosed', facts: { consumer, product, cause: rules } };
    });
    const opened = facts.filter(({ event }) => event === 'GrantOpened');
    await tx.query(openSql, [consumer, product, opened.map(({ patient }) => patient)]);
    await appendFacts(tx, facts);
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
