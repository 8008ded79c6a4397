import pg from 'pg';
import { databaseError } from './database-error.ts';
import { inDatabaseSpan, operationOf } from './database-span.ts';

export interface PoolOptions {
  /** First in the search path. */
  readonly schema: string;
  /** Connections; 10 unless given. A materialiser uses its concurrency + 1. */
  readonly max?: number;
  readonly applicationName: string;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  /** A process that stands still within a transaction lets go of its rows after so long; 5,000 unless given. */
  readonly idleInTransactionMs?: number;
  /** A statement that hangs so much longer than its own timeout hangs on the network; 5,000 unless given. */
  readonly graceMs?: number;
}

const types: pg.CustomTypesConfig = {
  getTypeParser: (type, format) =>
    type === pg.types.builtins.INT8 && format !== 'binary'
      ? Number
      : (pg.types.getTypeParser(type, format) as unknown),
};

/**
 * A pool whose 64-bit integers are numbers, since ours stay below 2^53, and whose `query` and `connect` reject with
 * DATABASE_UNAVAILABLE or ROW_REFUSED where these apply.
 */
export function createPool(databaseUrl: string, options: PoolOptions): pg.Pool {
  const { schema, max = 10, applicationName } = options;
  const { statementTimeoutMs = 10_000, lockTimeoutMs = 5_000, graceMs = 5_000 } = options;
  // No transaction that holds locks waits for anything but the database, and who takes over waits for its locks.
  const { idleInTransactionMs = 5_000 } = options;
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max,
    application_name: applicationName,
    options: `-c search_path=${schema}`,
    lock_timeout: lockTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    query_timeout: statementTimeoutMs + graceMs,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    types,
  });
  // A connection that breaks is replaced, and its next query says what there is to say. Without a listener the event
  // would end the process, also while the connection is in use and between two queries.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return mapErrors(pool);
}

type Call = (...args: unknown[]) => Promise<unknown> | undefined;

function mapErrors(pool: pg.Pool): pg.Pool {
  const mapped = (call: Call): Call => {
    return (...args) =>
      call(...args)?.catch((error: unknown) => {
        throw databaseError(error);
      });
  };
  const query = mapped(pool.query.bind(pool));
  pool.query = ((statement: unknown, ...values: unknown[]) =>
    inDatabaseSpan(operationOf(statement), async () =>
      query(statement, ...values),
    )) as pg.Pool['query'];
  // Called with a callback, as pg-pool calls itself, it answers undefined.
  pool.connect = mapped(pool.connect.bind(pool) as Call) as pg.Pool['connect'];
  return pool;
}
