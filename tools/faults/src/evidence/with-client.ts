import { Client } from 'pg';

const connectWithinMs = 3_000;
const answerWithinMs = 60_000;

/** Runs the work on a connection of its own. Rejects, and does no other harm, where the database goes away meanwhile. */
export async function withClient<T>(url: string, work: (db: Client) => Promise<T>): Promise<T> {
  const db = new Client({
    connectionString: url,
    connectionTimeoutMillis: connectWithinMs,
    query_timeout: answerWithinMs,
  });
  // A connection that breaks fails the query that runs; without a listener it would end the process too.
  db.on('error', () => undefined);
  try {
    await db.connect();
    return await work(db);
  } finally {
    await db.end().catch(() => undefined);
  }
}
