import type { Pseudonym } from '@samspill/kernel';
import type { ClientBase, Pool } from 'pg';
import type { ReadModel } from './checkpoint.ts';
import { prepared } from './prepared.ts';

/**
 * One patient's gate in one read model (engine guide 8.5). Only `open` lets events through; *withheld*: the grant is
 * closed and the rows are gone; *parked*: a record was rejected and the rows stay; *catching-up*: granted again, the log
 * is still to be read from `fromOffset`.
 */
export interface Gate {
  readonly state: 'open' | 'withheld' | 'parked' | 'catching-up';
  readonly fromOffset: number;
  readonly reason: string;
  /** Of the record that set the state. */
  readonly position: string;
  /** Events sealed under this key version or an older one are gone for good. */
  readonly shreddedVersion: number;
}

export type Gates = ReadonlyMap<Pseudonym, Gate>;

export const openGate: Gate = {
  state: 'open',
  fromOffset: 0,
  reason: '',
  position: '',
  shreddedVersion: 0,
};

interface GateRow {
  readonly patient: Pseudonym;
  readonly state: Gate['state'] | null;
  readonly from_offset: number | null;
  readonly reason: string | null;
  readonly position: string | null;
  readonly key_version: number | null;
}

/**
 * The gates of these patients that are not plainly open. In a transaction: after the lock of the offset row.
 *
 * After many were closed at once the planner has no statistics of them for a minute: joined, all gates of the version
 * would be read for each batch, so each is looked up by itself (LIMIT). And it is planned anew each time, by the size
 * that the table has now: a plan made when it was small would read all of it for each patient.
 */
export async function readGates(
  db: Pool | ClientBase,
  { schema, projection, version }: ReadModel,
  product: string,
  patients: Iterable<Pseudonym>,
): Promise<Map<Pseudonym, Gate>> {
  const { rows } = await db.query<GateRow>(
    `SELECT p.patient, g.state, g.from_offset, g.reason, g.position, k.key_version
       FROM unnest($4::text[]) AS p (patient)
       LEFT JOIN LATERAL (
         SELECT * FROM ${schema}.patient_gate
          WHERE projection = $1 AND version = $2 AND patient = p.patient LIMIT 1
       ) g ON true
       LEFT JOIN LATERAL (
         SELECT * FROM ${schema}.shredded_key
          WHERE projection = $1 AND version = $2 AND product = $3 AND patient = p.patient LIMIT 1
       ) k ON true
      WHERE g.patient IS NOT NULL OR k.patient IS NOT NULL`,
    [projection, version, product, [...new Set(patients)]],
  );
  return new Map(
    rows.map((row) => [
      row.patient,
      {
        state: row.state ?? openGate.state,
        fromOffset: row.from_offset ?? openGate.fromOffset,
        reason: row.reason ?? openGate.reason,
        position: row.position ?? openGate.position,
        shreddedVersion: row.key_version ?? openGate.shreddedVersion,
      },
    ]),
  );
}

/**
 * Says to whoever holds gates of these partitions in memory that they may have changed. Part of every transaction that
 * writes gates or destroyed keys, which has the lock of these checkpoints: a batch finds the count moved as soon as it has
 * the lock itself. Without a partition: of the whole topic, without a version: in all of them.
 */
export async function countGateChange(
  tx: ClientBase,
  { schema, projection, version }: Pick<ReadModel, 'schema' | 'projection'> & Partial<ReadModel>,
  { topic, partition }: { readonly topic?: string; readonly partition?: number } = {},
): Promise<void> {
  await tx.query(
    prepared(
      `UPDATE ${schema}.projection_offset SET gate_changes = gate_changes + 1
        WHERE projection = $1 AND ($2::int IS NULL OR version = $2)
          AND ($3::text IS NULL OR topic = $3) AND ($4::int IS NULL OR partition = $4)`,
      [projection, version ?? null, topic ?? null, partition ?? null],
    ),
  );
}

/** Sets the gates of these patients; what is shredded is not part of it. Count it (`countGateChange`). */
export async function writeGates(
  tx: ClientBase,
  { schema, projection, version }: ReadModel,
  gates: Gates,
): Promise<void> {
  if (gates.size === 0) return;
  const states = [...gates.values()];
  await tx.query(
    prepared(
      `INSERT INTO ${schema}.patient_gate
         (projection, version, patient, state, from_offset, reason, position)
       SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[])
       ON CONFLICT (projection, version, patient) DO UPDATE
         SET state = excluded.state, from_offset = excluded.from_offset,
             reason = excluded.reason, position = excluded.position,
             changed_at = now()`,
      [
        projection,
        version,
        [...gates.keys()],
        states.map(({ state }) => state),
        states.map(({ fromOffset }) => fromOffset),
        states.map(({ reason }) => reason),
        states.map(({ position }) => position),
      ],
    ),
  );
}

/** Some of those who wait to be caught up, the longest way to go first. */
export async function readWaiting(
  db: Pool | ClientBase,
  { schema, projection, version }: ReadModel,
  limit: number,
): Promise<Map<Pseudonym, Gate>> {
  const { rows } = await db.query<
    Pick<Gate, 'fromOffset' | 'reason' | 'position'> & { patient: Pseudonym }
  >(
    prepared(
      `SELECT patient, from_offset AS "fromOffset", reason, position FROM ${schema}.patient_gate
        WHERE projection = $1 AND version = $2 AND state = 'catching-up'
        ORDER BY from_offset LIMIT $3`,
      [projection, version, limit],
    ),
  );
  return new Map(
    rows.map(({ patient, ...gate }) => [patient, { ...openGate, ...gate, state: 'catching-up' }]),
  );
}

/** Notes that these patients have all that lies below `to`; opens their gates where that is all there is. Count it. */
export async function writeProgress(
  tx: ClientBase,
  { schema, projection, version }: ReadModel,
  patients: readonly Pseudonym[],
  { to, isReached }: { readonly to: number; readonly isReached: boolean },
): Promise<void> {
  if (patients.length === 0) return;
  const opening = isReached ? `, state = 'open', reason = 'caught up', changed_at = now()` : '';
  await tx.query(
    prepared(
      `UPDATE ${schema}.patient_gate SET from_offset = $4 ${opening}
        WHERE projection = $1 AND version = $2 AND patient = ANY ($3)`,
      [projection, version, patients, to],
    ),
  );
}
