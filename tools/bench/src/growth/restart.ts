import { until } from '@samspill/testing';
import type { Client } from 'pg';
import type { BenchOptions } from '../frame/benchmark.ts';
import type { Measured } from '../frame/samples.ts';
import { startOurs } from '../materialise/start-ours.ts';
import type { Loaded } from '../rows/loading.ts';
import type { BenchServers } from '../servers/start-servers.ts';

const withinMs = 120_000;

/**
 * Starts the process anew on what it has written, and takes the time until the rows that were appended while it was down can
 * be seen.
 */
export async function restartToCaughtUp(
  servers: BenchServers,
  options: Pick<BenchOptions, 'folder' | 'signal'>,
  db: Client,
  { schema, table, loaded }: { schema: string; table: string; loaded: Loaded },
): Promise<Measured> {
  const began = performance.now();
  const ours = await startOurs(
    servers,
    { ...options, isProfiled: false },
    { topic: loaded.topic, form: 'sealed' },
  );
  try {
    await ours.tell('arm', { schema });
    await ours.tell('go');
    const count = async (): Promise<number | undefined> => {
      const { rows } = await db.query<{ there: number }>(
        `SELECT count(*)::int AS there FROM ${table} WHERE event_id = ANY ($1)`,
        [loaded.lastIds],
      );
      return rows[0]?.there;
    };
    await until(
      'appended rows to be seen',
      withinMs,
      count,
      (there) => there === loaded.lastIds.length,
    );
    const seconds = (performance.now() - began) / 1_000;
    await ours.tell('disarm');
    return { name: 'restart to caught up', unit: 's', value: seconds };
  } finally {
    await ours.end();
  }
}
