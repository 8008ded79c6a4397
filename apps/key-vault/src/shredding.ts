import { setTimeout as pause } from 'node:timers/promises';
import { formatPosition, type Pseudonym } from '@samspill/kernel';
import { inTransaction } from '@samspill/read-model';
import type { Pool } from 'pg';
import { appendFacts, lockOutbox, positionOf, shredRows, type PatientFact } from './outbox.ts';

/** What was destroyed. A pseudonym without any key so far is not among them. */
export interface ShredReceipt {
  readonly product: string;
  readonly shredded: readonly {
    readonly patient: Pseudonym;
    /** The highest destroyed version; all below it are gone too. */
    readonly keyVersion: number;
    readonly shreddedAt: string;
    /** `topic:partition:offset` of the KeyShredded; absent when the log was too slow: it follows by itself. */
    readonly position?: string;
  }[];
}

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

/** The receipt, once the log holds the facts or `waitMs` have passed. */
export async function shredReceipt(
  pool: Pool,
  product: string,
  patients: readonly Pseudonym[],
  waitMs: number,
): Promise<ShredReceipt> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const rows = await shredRows(pool, product, patients);
    const isComplete = rows.every((row) => positionOf(row) !== undefined);
    if (isComplete || performance.now() >= deadline) {
      const shredded = rows.flatMap((row) => {
        if (row.event !== 'KeyShredded') return [];
        const position = positionOf(row);
        return {
          patient: row.patient,
          keyVersion: row.facts.keyVersion,
          shreddedAt: row.occurredAt.toISOString(),
          ...(position && { position: formatPosition(position) }),
        };
      });
      return { product, shredded };
    }
    // The relay may run in another instance, so the row is looked at.
    await pause(25);
  }
}
