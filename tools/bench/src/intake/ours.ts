import { measurements } from '@samspill/contracts';
import { pause } from '@samspill/kernel';
import { withDatabase } from '@samspill/local-stack';
import type { BenchService } from '../servers/start-servers.ts';
import type { Door } from './door.ts';

export const oursDoor = ({ url }: BenchService): Door => ({
  url,
  path: '/Observation',
  topic: measurements.topic,
});

/** The part of `GET /operations/lag` that is read. */
interface LagAnswer {
  readonly readModels: readonly {
    readonly partitions: readonly { readonly records: number | null }[];
  }[];
}

const lookEveryMs = 100;

/** Waits until the service's read models stand at the end of the log, so that what one phase left is no load of the next. */
export async function untilCaughtUp({ url }: BenchService, signal: AbortSignal): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/operations/lag`, {
      headers: { 'samspill-client': 'operator' },
      signal,
    });
    const { readModels } = (await answer.json()) as LagAnswer;
    const partitions = readModels.flatMap((one) => one.partitions);
    if (partitions.every(({ records }) => records === 0)) return;
    await pause(lookEveryMs, signal);
  }
}

/** Rejects unless the ledger holds each measurement that was acknowledged, once. */
export const assertHeld = ({ databaseUrl }: BenchService, acknowledged: number): Promise<void> =>
  withDatabase(databaseUrl, async (db) => {
    const { rows } = await db.query<{ events: number; measurements: number }>(
      `SELECT count(*)::int AS events, count(DISTINCT natural_key)::int AS measurements
         FROM measurements.held_event`,
    );
    const held = rows[0];
    if (held?.events !== acknowledged || held.measurements !== acknowledged) {
      throw new Error(`${acknowledged} acknowledged, the ledger holds ${JSON.stringify(held)}`);
    }
  });
