import { isInForce, measurementProjection } from '@samspill/observations';
import { inTransaction, type PatientsOfRead } from '@samspill/read-model';
import type { Pool } from 'pg';

interface SourceColumns {
  readonly sourceOrgnr: string;
  readonly sourceOrgnrChild: string | null;
  readonly sourceSystem: string | null;
}

/** A measurement's version in force. */
export interface MeasurementRow extends SourceColumns {
  readonly measurementId: string;
  readonly series: string;
  readonly kind: string;
  readonly status: string;
  readonly effectiveFrom: Date;
  readonly recordedAt: Date;
  /** Null but for the latest of its series. */
  readonly versions: number | null;
  /** KeptContent as JSON. */
  readonly content: string;
}

export interface SourceRow extends SourceColumns {
  readonly lastReceivedAt: Date;
  readonly lastMeasuredAt: Date | null;
}

export interface RetractionRow extends SourceColumns {
  readonly measurementId: string;
  readonly kind: string | null;
  readonly retractedAt: Date;
  readonly reason: string;
}

/** All that an overview is made of. */
export interface OverviewRows {
  /** Of each series the latest first, at most `pointsMax` and one more. */
  readonly measurements: readonly MeasurementRow[];
  readonly sources: readonly SourceRow[];
  readonly retractions: readonly RetractionRow[];
  /** Patients of the set that are parked behind a message that could not be read, or read on just now. */
  readonly unreadable: number;
}

/** How many points a trend has at most. */
export const pointsMax = 100;

/** Reads one patient at one moment. */
export const readOverview = (
  pool: Pool,
  { shown, missing }: Pick<PatientsOfRead, 'shown' | 'missing'>,
): Promise<OverviewRows> =>
  inTransaction(pool, async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const read = async <Row extends object>(
      name: keyof typeof overviewStatements,
      ...more: number[]
    ) => {
      const text = overviewStatements[name];
      const values = [shown, ...more];
      return (await tx.query<Row>({ name: `overview-${name}`, text, values })).rows;
    };
    return {
      measurements: await read<MeasurementRow>('measurements', pointsMax + 1),
      sources: await read<SourceRow>('sources'),
      retractions: await read<RetractionRow>('retractions'),
      // The missing count as they were found: by now their gates may be open, but none of their rows was read.
      unreadable: missing.length + (await read('parked')).length,
    };
  });

const sourceColumns = `m.source_orgnr AS "sourceOrgnr", m.source_orgnr_child AS "sourceOrgnrChild",
       m.source_system AS "sourceSystem"`;

// The recursive part steps from one series of the patient to the next, so that the latest of each are read and no others.
const latest = `
WITH RECURSIVE measured (patient, series) AS (
    SELECT patient, (SELECT min(series) FROM measurement m WHERE m.patient = asked.patient)
      FROM unnest($1::text[]) AS asked (patient)
  UNION ALL
    SELECT patient, (SELECT min(m.series) FROM measurement m
                      WHERE m.patient = measured.patient AND m.series > measured.series)
      FROM measured WHERE series IS NOT NULL)
SELECT m.*,
       CASE WHEN m.place = 1 THEN
         (SELECT count(*)::int FROM measurement version
           WHERE version.patient = measured.patient AND version.measurement_id = m."measurementId") END AS versions
  FROM measured
 CROSS JOIN LATERAL (
       SELECT row_number() OVER (ORDER BY m.effective_from DESC, m.src_offset DESC) AS place,
              m.measurement_id AS "measurementId", m.series, m.kind, m.status, m.content,
              m.effective_from AS "effectiveFrom", m.recorded_at AS "recordedAt", ${sourceColumns}
         FROM measurement m
        WHERE m.patient = measured.patient AND m.series = measured.series AND ${isInForce('m')}
        ORDER BY m.effective_from DESC, m.src_offset DESC
        LIMIT $2) AS m
 ORDER BY m.series, m."effectiveFrom" DESC, m."recordedAt" DESC`;

/** As in the index of `migrations/0001-overview.sql`. */
const sourceOf = (row: string): string =>
  `(${row}.source_orgnr || ' ' || coalesce(${row}.source_orgnr_child, '') || ' ' || coalesce(${row}.source_system, ''))`;

// Steps from one source of the patient to the next.
const sources = `
WITH RECURSIVE source (patient, name) AS (
    SELECT patient, (SELECT min(${sourceOf('m')}) FROM measurement m WHERE m.patient = asked.patient)
      FROM unnest($1::text[]) AS asked (patient)
  UNION ALL
    SELECT patient, (SELECT min(${sourceOf('m')}) FROM measurement m
                      WHERE m.patient = source.patient AND ${sourceOf('m')} > source.name)
      FROM source WHERE name IS NOT NULL)
SELECT ${sourceColumns}, max(m.recorded_at) AS "lastReceivedAt", max(measured.effective_from) AS "lastMeasuredAt"
  FROM source
 CROSS JOIN LATERAL (
       SELECT * FROM measurement m
        WHERE m.patient = source.patient AND ${sourceOf('m')} = source.name
        ORDER BY m.recorded_at DESC
        LIMIT 1) AS m
  LEFT JOIN LATERAL (
       SELECT latest.effective_from FROM measurement latest
        WHERE latest.patient = source.patient AND latest.effective_from IS NOT NULL
          AND latest.source_orgnr = m.source_orgnr
          AND latest.source_orgnr_child IS NOT DISTINCT FROM m.source_orgnr_child
          AND latest.source_system IS NOT DISTINCT FROM m.source_system
          AND ${isInForce('latest')}
        ORDER BY latest.effective_from DESC
        LIMIT 1) AS measured ON true
 GROUP BY m.source_orgnr, m.source_orgnr_child, m.source_system
 ORDER BY "lastReceivedAt" DESC`;

// A measurement that moved from one linked pseudonym of the patient to another was not taken back.
const retractions = `
SELECT m.measurement_id AS "measurementId", m.recorded_at AS "retractedAt", m.retraction AS reason, ${sourceColumns},
       CASE WHEN m.retraction <> 'wrong-patient' THEN
         (SELECT earlier.kind FROM measurement earlier
           WHERE earlier.patient = m.patient AND earlier.measurement_id = m.measurement_id
             AND earlier.kind IS NOT NULL
           ORDER BY earlier.src_offset DESC LIMIT 1) END AS kind
  FROM measurement m
 WHERE m.patient = ANY ($1) AND m.retraction IS NOT NULL AND ${isInForce('m')}
   AND NOT EXISTS (
         SELECT FROM measurement moved
          WHERE moved.patient = ANY ($1) AND moved.patient <> m.patient
            AND moved.measurement_id = m.measurement_id AND moved.retraction IS NULL
            AND ${isInForce('moved')})
 ORDER BY m.recorded_at DESC, m.measurement_id`;

// Withheld patients are not asked for: the screen gives no hint at them.
const parked = `
SELECT DISTINCT patient FROM patient_gate
 WHERE projection = '${measurementProjection.name}'
   AND version = live_version('${measurementProjection.name}') AND patient = ANY ($1)
   AND (state = 'parked' OR (state = 'catching-up' AND reason IN ('requeued', 'requeued from the start')))`;

/** By what they read; `$1` is the set of pseudonyms, `$2` the number of points of a series. */
export const overviewStatements = { measurements: latest, sources, retractions, parked } as const;
