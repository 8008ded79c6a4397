import { SamspillError } from '@samspill/kernel';
import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { databaseError } from './database-error.ts';
import { inDatabaseSpan } from './database-span.ts';

/**
 * Runs the work in one transaction and commits; rolls back when it rejects. Errors of the database come as
 * DATABASE_UNAVAILABLE or ROW_REFUSED. An error of COMMIT leaves open whether it took place.
 */
export const inTransaction = <Result>(
  pool: Pool,
  work: (tx: PoolClient) => Promise<Result>,
): Promise<Result> => inDatabaseSpan('transaction', () => transact(pool, work));

async function transact<Result>(
  pool: Pool,
  work: (tx: PoolClient) => Promise<Result>,
): Promise<Result> {
  const tx = await pool.connect();
  let broken = false;
  try {
    await tx.query('BEGIN');
    const result = await work(tx);
    await tx.query('COMMIT');
    return result;
  } catch (error) {
    const told = databaseError(error);
    broken = isLost(error, told);
    // A connection that cannot even roll back is not used again.
    if (!broken) await tx.query('ROLLBACK').catch(() => (broken = true));
    throw told;
  } finally {
    tx.release(broken);
  }
}

/** The connection did not answer: it would not answer to a ROLLBACK either, and that is waited for as long again. */
const isLost = (error: unknown, told: unknown): boolean =>
  told instanceof SamspillError &&
  told.code === 'DATABASE_UNAVAILABLE' &&
  told !== error &&
  !(error instanceof DatabaseError);
