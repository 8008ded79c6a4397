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

/** A page, and whether the read model lacks messages of the patient. */
export interface AnsweredPage extends ObservationPage {
  readonly isIncomplete: boolean;
}

/**
 * A FHIR Bundle `searchset` as JSON text. Each Observation is as it was received, every decimal included, with our id,
 * version and time of receipt. No `total`: a count would say how much there is of what a reader may not see.
 * Links hold no patient; `next` is followed by posting the same form to it. An OperationOutcome says that the page lacks
 * something.
 * @param baseUrl of the service, without a slash at the end.
 */
export function searchsetOf(
  page: AnsweredPage,
  search: ObservationSearch,
  baseUrl: string,
): string {
  const link = (relation: string, more: ObservationSearch['asked']): JsonObject => {
    const query = new URLSearchParams([...more]).toString();
    const path = `${baseUrl}/Observation/_search`;
    return { relation, url: query === '' ? path : `${path}?${query}` };
  };
  const entry: JsonObject[] = page.found.map((found) => ({
    fullUrl: `${baseUrl}/Observation/${found.measurementId}`,
    resource: asServed(found),
    search: { mode: 'match' },
  }));
  if (page.isIncomplete) entry.push({ resource: incomplete, search: { mode: 'outcome' } });
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
    ...(entry.length > 0 && { entry }),
  });
}

/** As the overview says by `unreadable`. */
const incomplete: JsonObject = {
  resourceType: 'OperationOutcome',
  issue: [
    {
      severity: 'warning',
      code: 'incomplete',
      diagnostics:
        'A message about this patient could not be read. What came after it is not among the results until it is mended.',
    },
  ],
};

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
