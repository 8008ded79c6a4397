import { withDatabase } from '@samspill/local-stack';

/**
 * How often the ward's table was read from end to end so far, by PostgreSQL's own count: of every statement that was run, by
 * the plan that it really had. Those of the last second may not be counted yet.
 */
export const tableScans = (databaseUrl: string): Promise<number> =>
  withDatabase(databaseUrl, async (db) => {
    const { rows } = await db.query<{ scans: number }>(
      `SELECT sum(seq_scan)::int AS scans FROM pg_stat_user_tables WHERE relname = 'measurement_v1'`,
    );
    return rows[0]?.scans ?? 0;
  });
