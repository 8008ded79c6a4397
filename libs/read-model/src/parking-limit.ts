import type { PartitionOfTopic } from '@samspill/event-log';
import {
  SamspillError,
  formatPosition,
  type ErrorCode,
  type Position,
  type Pseudonym,
} from '@samspill/kernel';
import type { ClientBase, Pool } from 'pg';
import type { OwnedPartition, ReadModel } from './checkpoint.ts';
import type { Rejected } from './decode-batch.ts';
import type { Gates } from './gate.ts';
import { prepared } from './prepared.ts';

/** So many patients parked with one code within so long are no data but a bug of ours. */
export interface ParkingLimit {
  readonly patients: number;
  readonly withinMinutes: number;
}

const parkingLimitDefault: ParkingLimit = { patients: 10, withinMinutes: 5 };

/** Too many would be parked with `parkedFor`: nothing is written, until that is mended or accepted. */
export class ParkingStopped extends SamspillError {
  constructor(
    readonly parkedFor: ErrorCode,
    /** Of the last record of the chunk that was rejected with the code. */
    readonly at: Position,
    /** True: those who are catching up, not the live stream. */
    readonly isBehind: boolean,
  ) {
    super('PARKING_STOPPED', { place: `${formatPosition(at)}, ${parkedFor}` });
  }
}

/** What a transaction is about to park. */
export interface Parking {
  readonly rejected: readonly Rejected[];
  readonly gates: Gates;
  /** Offset from which the transaction reads. */
  readonly from: number;
  readonly isBehind: boolean;
}

/**
 * Rejects with PARKING_STOPPED when the transaction would park one patient too many (engine guide 8.5), or any while the
 * partition is stopped for the code. Counted in the transaction itself, one such transaction at a time. A patient
 * whom an older version has parked for the same record is not counted again: else a rebuild would stop over old data.
 */
export async function limitParking(
  tx: ClientBase,
  { schema, projection, version }: ReadModel,
  { topic, partition }: PartitionOfTopic,
  { rejected, gates, from, isBehind }: Parking,
  limit: ParkingLimit = parkingLimitDefault,
): Promise<void> {
  const byCode = Map.groupBy(
    rejected.filter(
      ({ patient }) => patient !== undefined && gates.get(patient)?.state === 'parked',
    ),
    ({ code }) => code,
  );
  // In one order, since each takes a lock.
  for (const code of [...byCode.keys()].sort()) {
    const records = byCode.get(code) ?? [];
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
      `parking ${schema} ${projection} ${version} ${code}`,
    ]);
    const patients = records.map(({ patient }) => patient as Pseudonym);
    const { rows } = await tx.query<{ is_accepted: boolean; is_stopped: boolean; parked: number }>(
      `WITH accepted AS (
         SELECT max(accepted_until) AS until FROM ${schema}.parking_accepted
          WHERE projection = $1 AND code = $5),
       parked AS (
         SELECT patient, position FROM ${schema}.patient_gate, accepted
          WHERE projection = $1 AND version = $2 AND state = 'parked' AND reason = $5
            AND changed_at > greatest(now() - make_interval(mins => $9), accepted.until)
            AND NOT patient = ANY ($7)
         UNION ALL
         SELECT * FROM unnest($7::text[], $8::text[]))
       SELECT COALESCE((SELECT until > now() FROM accepted), false) AS is_accepted,
              EXISTS (SELECT FROM ${schema}.parking_stop
                       WHERE projection = $1 AND version = $2 AND topic = $3 AND partition = $4
                         AND code = $5 AND catching_up = $10 AND at_offset >= $6) AS is_stopped,
              (SELECT count(*) FROM parked p
                WHERE NOT EXISTS (SELECT FROM ${schema}.patient_gate older
                                   WHERE older.projection = $1 AND older.version < $2
                                     AND older.patient = p.patient AND older.state = 'parked'
                                     AND older.reason = $5 AND older.position = p.position)) AS parked`,
      [
        projection,
        version,
        topic,
        partition,
        code,
        from,
        patients,
        patients.map((patient) => gates.get(patient)?.position),
        limit.withinMinutes,
        isBehind,
      ],
    );
    const [found] = rows;
    const last = records.at(-1);
    if (found === undefined || last === undefined || found.is_accepted) continue;
    if (found.is_stopped || found.parked >= limit.patients) {
      throw new ParkingStopped(code, last.record, isBehind);
    }
  }
}

/** Writes a stop down, so that it outlasts the minutes and the process. A newer owner's partition is left alone. */
export async function noteParkingStop(
  pool: Pool,
  { schema, projection, version }: ReadModel,
  { topic, partition, ownerEpoch }: OwnedPartition,
  { parkedFor, at, isBehind }: ParkingStopped,
): Promise<void> {
  await pool.query(
    `INSERT INTO ${schema}.parking_stop
       (projection, version, topic, partition, code, catching_up, at_offset)
     SELECT projection, version, topic, partition, $6, $7, $8 FROM ${schema}.projection_offset
      WHERE projection = $1 AND version = $2 AND topic = $3 AND partition = $4 AND owner_epoch = $5
     ON CONFLICT (projection, version, topic, partition, code, catching_up) DO UPDATE
       SET at_offset = excluded.at_offset WHERE parking_stop.at_offset < excluded.at_offset`,
    [projection, version, topic, partition, ownerEpoch, parkedFor, isBehind, at.offset],
  );
}

/** Ends the stops of those who catch up that lie between these offsets: they have been read without parking anybody. */
export async function endParkingStops(
  tx: ClientBase,
  { schema, projection, version }: ReadModel,
  { topic, partition }: PartitionOfTopic,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  await tx.query(
    prepared(
      `DELETE FROM ${schema}.parking_stop
        WHERE projection = $1 AND version = $2 AND topic = $3 AND partition = $4 AND catching_up
          AND at_offset >= $5 AND at_offset < $6`,
      [projection, version, topic, partition, from, to],
    ),
  );
}
