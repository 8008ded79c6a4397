import type { EventId, Position } from '@samspill/kernel';
import { measurements } from '@samspill/contracts';
import type { Pool } from 'pg';

/** What readers see of the version of a measurement that an event has become. */
export interface MeasurementStanding {
  /**
   * *in-force*: it is shown. *superseded*: a later version is shown instead. *retracted*: it was taken back. *retraction*:
   * the event itself takes a measurement back.
   */
  readonly state: 'in-force' | 'superseded' | 'retracted' | 'retraction';
  /** The later event that counts. */
  readonly by: { readonly eventId: EventId; readonly position: Position } | null;
}

interface Row {
  readonly isRetraction: boolean;
  readonly byEvent: EventId | null;
  readonly byPartition: number;
  readonly byOffset: number;
  readonly byIsRetraction: boolean;
}

/** Asks the version that readers see; undefined where it has no row of the event. Rejects with DATABASE_UNAVAILABLE. */
export async function measurementStanding(
  pool: Pool,
  eventId: EventId,
): Promise<MeasurementStanding | undefined> {
  const { rows } = await pool.query<Row>(
    `SELECT m.retraction IS NOT NULL AS "isRetraction", newer.event_id AS "byEvent",
            newer.src_partition AS "byPartition", newer.src_offset AS "byOffset",
            newer.retraction IS NOT NULL AS "byIsRetraction"
       FROM measurement m
       LEFT JOIN LATERAL (
         SELECT * FROM measurement later
          WHERE later.patient = m.patient AND later.measurement_id = m.measurement_id
            AND later.src_offset > m.src_offset
          ORDER BY later.src_offset DESC LIMIT 1) newer ON true
      WHERE m.event_id = $1`,
    [eventId],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { byEvent, byPartition: partition, byOffset: offset } = row;
  if (byEvent === null) {
    return { state: row.isRetraction ? 'retraction' : 'in-force', by: null };
  }
  const position = { topic: measurements.topic, partition, offset };
  const state = row.byIsRetraction ? 'retracted' : 'superseded';
  return { state, by: { eventId: byEvent, position } };
}
