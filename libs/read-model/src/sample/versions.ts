import { newPseudonym, type Pseudonym } from '@samspill/kernel';
import { rebuildStatus, type VersionStatus } from '../rebuild-status.ts';
import type { RebuildTarget } from '../rebuild.ts';
import { readings } from './projections.ts';
import { eventually, type Reading, type Ward } from './ward.ts';

/** Of whom {@link recordInTurn} records. */
export const patients = Array.from({ length: 6 }, newPseudonym);
export const [anna, bjorn] = patients as [Pseudonym, Pseudonym];

/** So many events, of one patient after the other. */
export const recordInTurn = async (ward: Ward, count: number): Promise<void> => {
  for (let n = 0; n < count; n += 1) {
    await ward.record(patients[n % patients.length] ?? anna, { value: String(n) });
  }
};

/** What orders about the versions of the sample's read model take. */
export const targetOf = ({ schema }: Ward): RebuildTarget => ({ schema, projection: readings });

export const statesOf = async ({ pool, schema }: Ward): Promise<VersionStatus[]> =>
  rebuildStatus(pool, { schema, projection: readings.name });

/** Waits until the version stands where the live one stands, on every topic. */
export const built = ({ pool, schema }: Ward, version: number) =>
  eventually(
    async () =>
      (
        await pool.query(
          `SELECT FROM ${schema}.projection_offset own
             JOIN ${schema}.projection_offset live USING (projection, topic, partition)
            WHERE own.version = $1 AND live.version = ${schema}.live_version(projection)
              AND own.next_offset < live.next_offset`,
          [version],
        )
      ).rowCount,
  ).toBe(0);

/** The rows of one version, whichever readers see. */
export const rowsOf = async ({ pool, schema }: Ward, version: number): Promise<Reading[]> =>
  (
    await pool.query<Reading>(
      `SELECT event_id, patient, value, src_offset, key_version FROM ${schema}.reading_v${version}
        ORDER BY patient, src_offset`,
    )
  ).rows;

/** The table that the view shows. */
export const shownBy = async ({ pool, schema }: Ward): Promise<string | undefined> => {
  const { rows } = await pool.query<{ definition: string }>(
    `SELECT pg_get_viewdef('${schema}.reading'::regclass) AS definition`,
  );
  return /FROM (?:\w+\.)?(\w+)/.exec(rows[0]?.definition ?? '')?.[1];
};
