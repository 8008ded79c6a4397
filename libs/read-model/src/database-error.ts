import { SamspillError } from '@samspill/kernel';
import { DatabaseError } from 'pg';

/** SQLSTATE classes that say "not now": connection, resources, shutdown, system. */
const awayClasses = new Set(['08', '53', '57', '58']);
/**
 * Serialization failure, deadlock, lock not available, a transaction that stood still for too long: the same one may be
 * tried again.
 */
const mayBeTriedAgain = new Set(['40001', '40P01', '55P03', '25P03']);
/** The value, not the statement, is refused: data exception, constraint, a row beyond a limit. */
const dataClasses = new Set(['22', '23', '54']);

const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
]);

/**
 * An error of `pg` as one of the catalogue: DATABASE_UNAVAILABLE, ROW_REFUSED, or itself where the fault is in our SQL.
 * The cause of ROW_REFUSED is left out, since PostgreSQL quotes the value that it refuses.
 */
export function databaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof SamspillError) return error;
  if (error instanceof DatabaseError) {
    const code = error.code ?? '';
    if (awayClasses.has(code.slice(0, 2)) || mayBeTriedAgain.has(code)) {
      return new SamspillError('DATABASE_UNAVAILABLE', { place: `SQLSTATE ${code}`, cause: error });
    }
    if (dataClasses.has(code.slice(0, 2))) {
      const column = [error.table, error.column ?? error.constraint].filter(Boolean).join('.');
      return new SamspillError('ROW_REFUSED', { place: `SQLSTATE ${code} ${column}`.trim() });
    }
    return error;
  }
  const code = 'code' in error ? String(error.code) : '';
  // pg gives these without a code.
  const isLost = /connection terminated|timeout|connection error|not queryable/i.test(
    error.message,
  );
  if (!connectionCodes.has(code) && !isLost) return error;
  return new SamspillError('DATABASE_UNAVAILABLE', { cause: error });
}
