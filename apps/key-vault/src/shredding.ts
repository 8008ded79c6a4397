import type { Pseudonym } from '@samspill/kernel';
import { inTransaction } from '@samspill/read-model';
import type { Pool } from 'pg';
import { appendFacts, lockOutbox, type PatientFact } from './outbox.ts';

const shredSql = `
  WITH gone AS (
    UPDATE data_key SET wrapped = NULL, shredded_at = now()
     WHERE product = $1 AND patient = ANY($2) AND shredded_at IS NULL
    RETURNING patient, version)
  SELECT patient, max(version) AS version FROM gone GROUP BY patient ORDER BY patient`;

/**
 * Destroys the data keys of one patient (all linked pseudonyms) in one product, and states it in the outbox, in one
 * transaction. Shredding again destroys what came since; with nothing new the receipt is that of before.
 * Answers with the count of pseudonyms whose keys went.
 */
export async function shred(
  pool: Pool,
  { product, patients, cause }: { product: string; patients: readonly Pseudonym[]; cause: string },
): Promise<number> {
  return inTransaction(pool, async (tx) => {
    await lockOutbox(tx);
    const { rows } = await tx.query<{ patient: Pseudonym; version: number }>(shredSql, [
      product,
      patients,
    ]);
    const facts = rows.map(({ patient, version }): PatientFact => {
      return { patient, event: 'KeyShredded', facts: { product, keyVersion: version, cause } };
    });
    await appendFacts(tx, facts);
    return facts.length;
  });
}
