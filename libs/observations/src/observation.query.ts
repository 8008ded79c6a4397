import type { Pseudonym } from '@samspill/kernel';
import type { Pool } from 'pg';
import type { Cursor } from './search-cursor.ts';
import type { ObservationSearch } from './search-parameters.ts';
import { isInForce } from './version-in-force.ts';

/** A measurement that was found: its version in force. */
export interface FoundObservation {
  readonly measurementId: string;
  readonly eventId: string;
  readonly recordedAt: Date;
  /** The first instant of the time that it was measured at. */
  readonly effectiveFrom: Date;
  /** The Observation as received, JSON. */
  readonly resource: string;
}

export interface ObservationPage {
  readonly found: readonly FoundObservation[];
  /** Undefined on the last page. */
  readonly next: Cursor | undefined;
}

/**
 * One page of a patient's measurements that hold now; `patients` is the set of linked pseudonyms.
 * Superseded versions and retracted measurements are not found. Date comparison: FHIR R4, search, section 3.1.1.4.5.
 */
export async function findObservations(
  pool: Pool,
  patients: readonly Pseudonym[],
  search: ObservationSearch,
): Promise<ObservationPage> {
  const { rows } = await pool.query<FoundObservation>({
    name: `find-observations-${search.newestFirst ? 'newest' : 'oldest'}-first`,
    text: search.newestFirst ? queryText('<', 'DESC') : queryText('>', 'ASC'),
    values: [
      patients,
      search.dates.map(({ prefix }) => prefix),
      search.dates.map(({ from }) => new Date(from)),
      search.dates.map(({ to }) => new Date(to)),
      JSON.stringify(search.codes),
      search.after && new Date(search.after.effectiveFrom),
      search.after?.eventId,
      search.count + 1,
    ],
  });
  const found = rows.slice(0, search.count);
  const last = rows.length > search.count ? found.at(-1) : undefined;
  return {
    found,
    next: last && { effectiveFrom: last.effectiveFrom.getTime(), eventId: last.eventId },
  };
}

const queryText = (beyond: '<' | '>', direction: 'DESC' | 'ASC'): string => `
  SELECT measurement_id AS "measurementId", event_id AS "eventId", recorded_at AS "recordedAt",
         resource, effective_from AS "effectiveFrom"
    FROM measurement m
   WHERE patient = ANY ($1)
     AND retraction IS NULL
     AND ${isInForce('m')}
     AND NOT EXISTS (
           SELECT FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) AS asked (prefix, first, past)
            WHERE NOT CASE prefix
                    WHEN 'eq' THEN effective_from >= first AND effective_to <= past
                    WHEN 'gt' THEN effective_to > past
                    WHEN 'lt' THEN effective_from < first
                    WHEN 'ge' THEN effective_to > past OR (effective_from >= first AND effective_to <= past)
                    ELSE effective_from < first OR (effective_from >= first AND effective_to <= past)
                  END)
     AND NOT EXISTS (
           SELECT FROM jsonb_array_elements($5::jsonb) AS wanted
            WHERE NOT codes && ARRAY(SELECT jsonb_array_elements_text(wanted)))
     AND ($6::timestamptz IS NULL OR (effective_from, event_id) ${beyond} ($6, $7::uuid))
   ORDER BY effective_from ${direction}, event_id ${direction}
   LIMIT $8`;
