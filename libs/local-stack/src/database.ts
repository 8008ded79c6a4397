import { Client, DatabaseError, escapeIdentifier, type ClientConfig } from 'pg';

/** The URL of another database on the same server. */
const sibling = (databaseUrl: string, name: string): string => {
  const url = new URL(databaseUrl);
  url.pathname = `/${encodeURIComponent(name)}`;
  return url.href;
};

/** Runs the work on a connection of its own. Rejects, and does no other harm, where the database goes away meanwhile. */
export const withDatabase = async <T>(
  databaseUrl: string,
  work: (db: Client) => Promise<T>,
  config: Partial<ClientConfig> = {},
): Promise<T> => {
  const db = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 5_000,
    ...config,
  });
  // A connection that breaks fails the query that runs; without a listener it would end the process too.
  db.on('error', () => undefined);
  try {
    await db.connect();
    return await work(db);
  } finally {
    await db.end().catch(() => undefined);
  }
};

/** Two that create the same database at once: PostgreSQL tells the later one so in either of two ways. */
const alreadyThere = (error: unknown): boolean =>
  error instanceof DatabaseError && (error.code === '42P04' || error.code === '23505');

/**
 * Creates the database where it is absent and answers with its URL.
 * `databaseUrl`: any database on that server, of a user who may create databases. Rejects with the error of `pg`.
 */
export const createDatabase = async (databaseUrl: string, name: string): Promise<string> =>
  withDatabase(databaseUrl, async (db) => {
    const { rowCount } = await db.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) {
      await db.query(`create database ${escapeIdentifier(name)}`).catch((error: unknown) => {
        if (!alreadyThere(error)) throw error;
      });
    }
    return sibling(databaseUrl, name);
  });
