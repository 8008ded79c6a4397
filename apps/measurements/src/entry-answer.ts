import {
  entryExtensions,
  issue,
  operationOutcome,
  type Issue,
  type MeasurementEntry,
  type OperationOutcome,
} from '@samspill/fhir';
import { formatPosition, type Position } from '@samspill/kernel';
import type { HeldVersion } from './decide.ts';
import type { Taken } from './intake.ts';
import type { EntryOutcome } from './telemetry.ts';

/** What became of one Observation, as HTTP and FHIR tell it. */
export interface EntryAnswer {
  readonly status: number;
  /** What holds now, where something does. */
  readonly version: HeldVersion | undefined;
  readonly positions: readonly Position[];
  readonly issues: readonly Issue[];
  readonly counted: EntryOutcome;
}

const reasons: Partial<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  422: 'Unprocessable Content',
  503: 'Service Unavailable',
};

/** The answer for what the intake took; `place`: FHIRPath of the Observation. */
export function answerOf(taken: Taken, warnings: readonly Issue[], place: string): EntryAnswer {
  switch (taken.outcome) {
    case 'refused': {
      const issues = [{ ...taken.issue, place }, ...warnings];
      return nothingHeld(taken.status, issues, taken.status === 410 ? 'erased' : 'conflict');
    }
    case 'unknown':
      return nothingHeld(503, [unknownOutcome(place)], 'unknown');
    case 'held':
      return { ...taken, issues: warnings, counted: 'held' };
    case 'published':
      return { ...taken, issues: warnings, counted: taken.status === 201 ? 'recorded' : 'changed' };
  }
}

/** The answer for an entry that the rules did not let through to the intake. */
export const answerToUntaken = (
  entry: Exclude<MeasurementEntry, { outcome: 'accepted' }>,
): EntryAnswer =>
  entry.outcome === 'ignored'
    ? nothingHeld(200, entry.issues, 'ignored')
    : nothingHeld(entry.status, entry.issues, 'invalid');

const nothingHeld = (
  status: number,
  issues: readonly Issue[],
  counted: EntryOutcome,
): EntryAnswer => ({ status, version: undefined, positions: [], issues, counted });

export const locationOf = ({ measurementId, eventId }: HeldVersion): string =>
  `Observation/${measurementId}/_history/${eventId}`;
export const etagOf = ({ eventId }: HeldVersion): string => `W/"${eventId}"`;

/** What became of a measurement, and where its events lie, for whom the status is not enough. */
export const outcomeExtensions = ({ counted, positions }: EntryAnswer) => [
  { url: entryExtensions.outcome, valueCode: counted },
  ...positions.map((position) => ({
    url: entryExtensions.position,
    valueString: formatPosition(position),
  })),
];

/** One entry of the batch-response (specs/measurements.md section 6): tied to its input by fullUrl and by extension. */
export function batchResponseEntry(fullUrl: string, answer: EntryAnswer) {
  const { status, version, issues } = answer;
  return {
    fullUrl,
    response: {
      extension: [
        { url: entryExtensions.entryId, valueUri: fullUrl },
        ...outcomeExtensions(answer),
      ],
      status: `${status} ${reasons[status] ?? ''}`.trim(),
      ...(version && {
        location: locationOf(version),
        etag: etagOf(version),
        lastModified: new Date(version.recordedAtMs).toISOString(),
      }),
      ...outcomeOf(issues),
    },
  };
}

const outcomeOf = (issues: readonly Issue[]): { outcome?: OperationOutcome } =>
  issues.length === 0 ? {} : { outcome: operationOutcome(issues) };

const unknownOutcome = (place: string): Issue =>
  issue(
    'error',
    'transient',
    'The event log acknowledges in time; the outcome of this entry is unknown',
    'Send the entry again as it is: a resend is the same event.',
    place,
  );
