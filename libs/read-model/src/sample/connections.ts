import type { Ward } from './ward.ts';

/** Cuts every connection of the app to the database, but the one that does it. */
export async function cutConnections({ pool, schema }: Ward): Promise<void> {
  await pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = $1 AND pid <> pg_backend_pid()`,
    [schema],
  );
}
