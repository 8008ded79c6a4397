import type { Pool, PoolClient } from 'pg';
import { databaseError } from './database-error.ts';

/**
 * Runs the work in one transaction and commits; rolls back when it rejects. Errors of the database come as
 * DATABASE_UNAVAILABLE or ROW_REFUSED. An error of COMMIT leaves open whether it took place.
 */
export async function inTransaction<Result>(
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
    // A connection that cannot even roll back is not used again.
    await tx.query('ROLLBACK').catch(() => (broken = true));
    throw databaseError(error);
  } finally {
    tx.release(broken);
  }
}
