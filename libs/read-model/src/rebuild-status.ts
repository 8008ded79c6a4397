import type { Pool } from 'pg';
import type { VersionState } from './versions.ts';

/** How far a version is, as the database has it: no log is asked. */
export interface VersionStatus {
  readonly projection: string;
  readonly version: number;
  readonly state: VersionState;
  readonly startedAt: Date;
  /** When it became live; null for one that never was. */
  readonly switchedAt: Date | null;
  /** `indexes`, `check` or `switch` while a switch to it is under way, `refused: <code>` after one that failed, or empty. */
  readonly step: string;
  readonly stepAt: Date | null;
  /** Records of all partitions that it has passed. */
  readonly recordsDone: number;
  /** Those that the live version has passed, or it, if that is more. */
  readonly recordsAll: number;
  /** Of a version that is being built, since it began; null for others. */
  readonly recordsPerSecond: number | null;
  /** At that rate; null where there is none. */
  readonly secondsLeft: number | null;
  /** Patients whose gate is not open, by state. */
  readonly parked: number;
  readonly catchingUp: number;
  readonly withheld: number;
}

interface StatusRow extends Omit<VersionStatus, 'recordsAll' | 'recordsPerSecond' | 'secondsLeft'> {
  readonly recordsLive: number;
  readonly seconds: number;
}

/** All versions that are followed, of one projection or of all, in their order. */
export async function rebuildStatus(
  pool: Pool,
  { schema, projection }: { readonly schema: string; readonly projection?: string },
): Promise<VersionStatus[]> {
  const gates = (state: string): string =>
    `(SELECT count(*) FROM ${schema}.patient_gate g
       WHERE g.projection = v.projection AND g.version = v.version AND g.state = '${state}')`;
  const passed = (version: string): string =>
    `(SELECT COALESCE(sum(next_offset), 0)::bigint FROM ${schema}.projection_offset o
       WHERE o.projection = v.projection AND o.version = ${version})`;
  const { rows } = await pool.query<StatusRow>(
    `SELECT projection, version, state, started_at AS "startedAt", switched_at AS "switchedAt",
            step, step_at AS "stepAt",
            EXTRACT(epoch FROM clock_timestamp() - started_at)::float8 AS seconds,
            ${passed('v.version')} AS "recordsDone",
            ${passed(`${schema}.live_version(v.projection)`)} AS "recordsLive",
            ${gates('parked')} AS parked, ${gates('catching-up')} AS "catchingUp",
            ${gates('withheld')} AS withheld
       FROM ${schema}.read_model_version v
      WHERE state <> 'discarded' AND ($1::text IS NULL OR projection = $1)
      ORDER BY projection, version`,
    [projection ?? null],
  );
  return rows.map(statusOf);
}

function statusOf({ recordsLive, seconds, ...row }: StatusRow): VersionStatus {
  const recordsAll = Math.max(recordsLive, row.recordsDone);
  const rate = row.state === 'building' && seconds > 0 ? row.recordsDone / seconds : null;
  const left = recordsAll - row.recordsDone;
  return {
    ...row,
    recordsAll,
    recordsPerSecond: rate,
    secondsLeft: rate === null || rate === 0 ? null : left / rate,
  };
}
