import type { Pseudonym } from '@samspill/kernel';
import type { PoolClient } from 'pg';
import type { DeliveryDecision } from './delivery-policy.ts';
import { appendFacts, type PatientFact } from './outbox.ts';

/** A consumer's grants in one product. */
interface GrantScope {
  readonly consumer: string;
  readonly product: string;
}

/** What was decided about one patient. */
export interface DecidedGrant {
  readonly patient: Pseudonym;
  readonly decision: DeliveryDecision;
}

const openSql = `
  INSERT INTO delivery_grant (consumer, product, patient)
  SELECT $1, $2, * FROM unnest($3::text[])
  ON CONFLICT (consumer, product, patient) DO UPDATE SET opened_at = now(), closed_at = NULL`;
// Also where no grant was ever open: the row says when it was decided.
const closeSql = `
  INSERT INTO delivery_grant AS known (consumer, product, patient, closed_at)
  SELECT $1, $2, patient, now() FROM unnest($3::text[]) AS patient
  ON CONFLICT (consumer, product, patient) DO UPDATE SET closed_at = now()
   WHERE known.closed_at IS NULL`;

/** Opens or closes the grant of each patient, once, as was decided, and states it; the outbox must be locked. */
export async function writeGrants(
  tx: PoolClient,
  { consumer, product }: GrantScope,
  decided: readonly DecidedGrant[],
): Promise<void> {
  const patientsOf = (permit: boolean) =>
    decided.filter(({ decision }) => decision.permit === permit).map(({ patient }) => patient);
  await tx.query(openSql, [consumer, product, patientsOf(true)]);
  await tx.query(closeSql, [consumer, product, patientsOf(false)]);
  await appendFacts(
    tx,
    decided.map(({ patient, decision: { permit, rules } }): PatientFact => {
      if (permit) return { patient, event: 'GrantOpened', facts: { consumer, product } };
      const cause = rules.join(', ');
      return { patient, event: 'GrantClosed', facts: { consumer, product, cause } };
    }),
  );
}
