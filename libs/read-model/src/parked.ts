import type { ErrorCode, Pseudonym } from '@samspill/kernel';
import type { Pool } from 'pg';
import { countGateChange, type Gate } from './gate.ts';
import { inTransaction } from './transaction.ts';
import { lockCheckpointsOf } from './versions.ts';

/** A patient whose events wait in the log behind a rejected one. */
export interface ParkedPatient {
  readonly projection: string;
  readonly version: number;
  readonly patient: Pseudonym;
  /** Why the record was rejected. */
  readonly code: ErrorCode;
  /** `topic:partition:offset` of the rejected record. */
  readonly position: string;
  /** Where reading goes on once the patient is requeued. */
  readonly fromOffset: number;
  readonly since: Date;
}

export interface ParkedQuestion {
  readonly schema: string;
  readonly projection?: string | undefined;
  readonly code?: string | undefined;
  /** Among these alone: the linked pseudonyms of a patient. */
  readonly patients?: readonly Pseudonym[] | undefined;
  /** Rows at most. */
  readonly limit: number;
}

/** Who is parked, the longest parked first. */
export async function listParked(
  pool: Pool,
  { schema, projection, code, patients, limit }: ParkedQuestion,
): Promise<ParkedPatient[]> {
  const { rows } = await pool.query<ParkedPatient>(
    `SELECT projection, version, patient, reason AS code, position, from_offset AS "fromOffset",
            changed_at AS since
       FROM ${schema}.patient_gate
      WHERE state = 'parked'
        AND ($1::text IS NULL OR projection = $1)
        AND ($2::text IS NULL OR reason = $2)
        AND ($3::text[] IS NULL OR patient = ANY ($3))
      ORDER BY changed_at, projection, version, patient
      LIMIT $4`,
    [projection ?? null, code ?? null, patients ?? null, limit],
  );
  return rows;
}

/** How many patients have a gate in this state; those without a row are open and not counted. */
export interface GateCount {
  readonly projection: string;
  readonly version: number;
  readonly state: Gate['state'];
  readonly patients: number;
}

export async function countGates(
  pool: Pool,
  { schema }: { readonly schema: string },
): Promise<GateCount[]> {
  const { rows } = await pool.query<GateCount>(
    `SELECT projection, version, state, count(*) AS patients FROM ${schema}.patient_gate
      GROUP BY projection, version, state ORDER BY projection, version, state`,
  );
  return rows;
}

/** Which parked patients are read on for: these, those with this code, or all. */
export type RequeueWho =
  { readonly patients: readonly Pseudonym[] } | { readonly code: string } | { readonly all: true };

/**
 * Lets parked patients catch up from where their gates say, in every version of the projection, and answers how many gates
 * it moved. Whoever begins at the start of the log loses all rows first; the reason says so until all is there again. It
 * waits for the transactions that are under way, so that none of them has read the older gate.
 */
export async function requeue(
  pool: Pool,
  {
    schema,
    projection,
    ...who
  }: { readonly schema: string; readonly projection: string } & RequeueWho,
): Promise<number> {
  return inTransaction(pool, async (tx) => {
    await lockCheckpointsOf(tx, { schema, projection });
    const { rowCount } = await tx.query(
      `UPDATE ${schema}.patient_gate
          SET state = 'catching-up', changed_at = now(),
              reason = CASE from_offset WHEN 0 THEN 'requeued from the start' ELSE 'requeued' END
        WHERE projection = $1 AND state = 'parked'
          AND ($2::text[] IS NULL OR patient = ANY ($2)) AND ($3::text IS NULL OR reason = $3)`,
      [projection, 'patients' in who ? who.patients : null, 'code' in who ? who.code : null],
    );
    await countGateChange(tx, { schema, projection });
    return rowCount ?? 0;
  });
}

/** A partition in which nobody more is parked with this code, since too many were. */
export interface ParkingStop {
  readonly projection: string;
  readonly version: number;
  readonly topic: string;
  readonly partition: number;
  readonly code: ErrorCode;
  /** False: the live stream of the partition stands still. True: those who are catching up do, and it goes on. */
  readonly catchingUp: boolean;
  /** Of the record that would have parked one patient too many. */
  readonly atOffset: number;
  readonly since: Date;
}

/** The stops that stand, the oldest first. */
export async function listParkingStops(
  pool: Pool,
  { schema }: { readonly schema: string },
): Promise<ParkingStop[]> {
  const { rows } = await pool.query<ParkingStop>(
    `SELECT s.projection, s.version, s.topic, s.partition, s.code, s.catching_up AS "catchingUp",
            s.at_offset AS "atOffset", s.stopped_at AS since
       FROM ${schema}.parking_stop s
       JOIN ${schema}.projection_offset o USING (projection, version, topic, partition)
      WHERE s.catching_up OR s.at_offset >= o.next_offset
      ORDER BY s.stopped_at`,
  );
  return rows;
}

/**
 * "It is the data, park them": for so long every patient whose records are rejected with this code is parked, however
 * many they are, in every version. Stops for the code end. Answers how many there were.
 */
export async function acceptParking(
  pool: Pool,
  {
    schema,
    projection,
    code,
    forMinutes,
  }: {
    readonly schema: string;
    readonly projection: string;
    readonly code: string;
    readonly forMinutes: number;
  },
): Promise<number> {
  return inTransaction(pool, async (tx) => {
    await tx.query(
      `INSERT INTO ${schema}.parking_accepted (projection, code, accepted_until)
       VALUES ($1, $2, now() + make_interval(mins => $3))
       ON CONFLICT (projection, code) DO UPDATE SET accepted_until = excluded.accepted_until`,
      [projection, code, forMinutes],
    );
    const { rowCount } = await tx.query(
      `DELETE FROM ${schema}.parking_stop WHERE projection = $1 AND code = $2`,
      [projection, code],
    );
    return rowCount ?? 0;
  });
}
