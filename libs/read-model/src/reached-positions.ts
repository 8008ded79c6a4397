import { setTimeout as pause } from 'node:timers/promises';
import { SamspillError, type Position } from '@samspill/kernel';
import type { Pool } from 'pg';

export interface ReachedPositionsOptions {
  /** PostgreSQL schema of the app. */
  readonly schema: string;
  /** Name of the projection. */
  readonly projection: string;
  /** What Samspill-After names. */
  readonly positions: readonly Position[];
  readonly timeoutMs: number;
}

const pollMs = { first: 10, max: 200 };

/**
 * Resolves once the version that readers see stands past every position, by the checkpoint in PostgreSQL, so that any
 * instance can answer (design D1). Rejects with POSITION_NOT_REACHED in the end, and at once for a partition that the projection
 * does not read.
 */
export async function reachedPositions(
  pool: Pool,
  { schema, projection, positions, timeoutMs }: ReachedPositionsOptions,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  const parameters = [
    projection,
    positions.map(({ topic }) => topic),
    positions.map(({ partition }) => partition),
    positions.map(({ offset }) => offset),
  ];
  for (let waitMs = pollMs.first; positions.length > 0; waitMs = Math.min(2 * waitMs, pollMs.max)) {
    const { rows } = await pool.query<{ reached: boolean | null }>(
      `SELECT next_offset > wanted.position_offset AS reached
         FROM unnest($2::text[], $3::int[], $4::bigint[]) AS wanted (topic, partition, position_offset)
         LEFT JOIN ${schema}.projection_offset o
           ON o.projection = $1 AND o.version = ${schema}.live_version($1)
          AND o.topic = wanted.topic AND o.partition = wanted.partition`,
      parameters,
    );
    if (rows.every(({ reached }) => reached)) return;
    const isNotRead = rows.some(({ reached }) => reached === null);
    if (isNotRead || performance.now() + waitMs > deadlineMs) {
      throw new SamspillError('POSITION_NOT_REACHED', { place: projection });
    }
    await pause(waitMs);
  }
}
