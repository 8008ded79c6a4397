import {
  isObject,
  jsonLimits,
  parseExactJson,
  stringifyExact,
  type JsonObject,
} from '@samspill/fhir';
import type { FoundObservation, ObservationPage } from './observation.query.ts';
import { writeCursor } from './search-cursor.ts';
import type { ObservationSearch } from './search-parameters.ts';

/**
 * A FHIR Bundle `searchset` as JSON text. Each Observation is as it was received, every decimal included, with our id,
 * version and time of receipt. No `total`: a count would say how much there is of what a reader may not see.
 * Links hold no patient; `next` is followed by posting the same form to it.
 * @param baseUrl of the service, without a slash at the end.
 */
export function searchsetOf(
  page: ObservationPage,
  search: ObservationSearch,
  baseUrl: string,
): string {
  const link = (relation: string, more: ObservationSearch['asked']): JsonObject => {
    const query = new URLSearchParams([...more]).toString();
    const path = `${baseUrl}/Observation/_search`;
    return { relation, url: query === '' ? path : `${path}?${query}` };
  };
  return stringifyExact({
    resourceType: 'Bundle',
    type: 'searchset',
    link: [
      link('self', search.asked),
      ...(page.next === undefined
        ? []
        : [link('next', [['cursor', writeCursor(page.next, search)]])]),
    ],
    // FHIR knows no empty arrays.
    ...(page.found.length === 0
      ? {}
      : {
          entry: page.found.map((found) => ({
            fullUrl: `${baseUrl}/Observation/${found.measurementId}`,
            resource: asServed(found),
            search: { mode: 'match' },
          })),
        }),
  });
}

function asServed({ resource, measurementId, eventId, recordedAt }: FoundObservation): JsonObject {
  const parsed = parseExactJson(Buffer.from(resource), {
    ...jsonLimits,
    bytesMax: Number.MAX_SAFE_INTEGER,
  });
  if (!('json' in parsed) || !isObject(parsed.json)) {
    throw new TypeError('a stored Observation is a JSON object that the intake has read');
  }
  const { meta } = parsed.json;
  return {
    ...parsed.json,
    id: measurementId,
    meta: {
      ...(isObject(meta) ? meta : {}),
      versionId: eventId,
      lastUpdated: recordedAt.toISOString(),
    },
  };
}
