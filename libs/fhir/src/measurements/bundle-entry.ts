import type { Identifier } from '@samspill/contracts';
import { holdsNationalNumber } from '../national-number-search.ts';
import { isRefusal, issue, issueList, type Issue, type IssueList } from '../operation-outcome.ts';
import { spotAt, textAt, type Spot } from '../spot.ts';
import type { CallContext } from './intake-context.ts';
import { isUrlKey, isUuidKey } from './natural-key.ts';
import {
  readObservation,
  type AcceptedMeasurement,
  type BundleFacts,
  type RefusedMeasurement,
} from './observation.ts';

/** What every answer to an entry begins with. */
interface EntryName {
  /** From 0. */
  readonly index: number;
  /** As sent, else `urn:samspill:entry:<index>`. */
  readonly fullUrl: string;
}

export interface AcceptedEntry extends AcceptedMeasurement, EntryName {
  /** Identifier of a conditional create. */
  readonly ifNoneExist: { readonly system: string; readonly value: string } | undefined;
}

/** `ignored`: a Patient, which measurements need not be sent with. */
export type MeasurementEntry =
  | AcceptedEntry
  | (RefusedMeasurement & EntryName)
  | ({ readonly outcome: 'ignored'; readonly issues: readonly Issue[] } & EntryName);

export interface EntryContext {
  readonly index: number;
  readonly batch: boolean;
  readonly wrapping: BundleFacts;
  readonly call: CallContext;
}

/** Judges one entry; whatever is wrong in it leaves the others alone. */
export function readEntry(
  entry: Spot,
  { index, batch, wrapping, call }: EntryContext,
): MeasurementEntry {
  const root = `Bundle.entry[${index}]`;
  const issues = issueList(root);
  const spot: Spot = { element: entry.element, path: '', issues };
  const sentUrl = readFullUrl(spot);
  const name = { index, fullUrl: sentUrl ?? `urn:samspill:entry:${index}` };
  const resource = spotAt(spot, 'resource');
  const type = resource === undefined ? null : textAt(resource, 'resourceType');
  if (type === 'Patient') {
    return { ...name, outcome: 'ignored', issues: [patientIgnored(root)] };
  }
  const request = readRequest(spot, batch);
  if (resource === undefined || type === null) {
    issues.refuse('structure', 'resource', 'An entry has a FHIR resource', 'Send an Observation.');
  } else if (type !== 'Observation') {
    const rule = 'Measurements are Observations';
    const mend = 'Send other resources to the service they belong to.';
    issues.refuse('not-supported', 'resource', rule, mend);
  }
  if (resource === undefined || issues.issues.some(isRefusal)) {
    return { ...name, outcome: 'refused', status: request.status ?? 422, issues: issues.issues };
  }
  const fullUrl = sentUrl !== null && isKey(sentUrl) ? sentUrl : null;
  const read = readObservation(
    resource.element,
    `${root}.resource`,
    { ...wrapping, fullUrl, put: request.put },
    call,
  );
  if (read.outcome === 'refused') {
    return { ...name, ...read, issues: [...issues.issues, ...read.issues] };
  }
  const warnings = [...issues.issues, ...read.warnings];
  return { ...name, ...read, warnings, ifNoneExist: request.ifNoneExist };
}

const isKey = (fullUrl: string): boolean => isUrlKey(fullUrl) || isUuidKey(fullUrl);

function readFullUrl(entry: Spot): string | null {
  const fullUrl = textAt(entry, 'fullUrl');
  if (fullUrl === null) return null;
  if (holdsNationalNumber(fullUrl)) {
    const rule = 'A fullUrl holds no national number';
    entry.issues.refuse('value', 'fullUrl', rule, 'Send a URL that names no person.');
    return null;
  }
  if (!isKey(fullUrl)) {
    const rule = 'A fullUrl is an absolute http(s), urn:oid: or urn:uuid: URI';
    const mend = 'Send such a URI; this one is echoed and does not name the measurement.';
    entry.issues.warn('value', 'fullUrl', rule, mend);
  }
  return fullUrl;
}

interface EntryRequest {
  readonly put: boolean;
  readonly ifNoneExist: (Identifier & { system: string }) | undefined;
  /** The status of an entry that is refused for its method. */
  readonly status?: 405;
}

function readRequest(entry: Spot, batch: boolean): EntryRequest {
  const request = spotAt(entry, 'request');
  const none: EntryRequest = { put: false, ifNoneExist: undefined };
  if (request === undefined) {
    if (!batch) return none;
    const rule = 'An entry of a batch has a request with the method POST or PUT';
    entry.issues.refuse('required', 'request', rule, 'Send request.method and request.url.');
    return none;
  }
  const method = textAt(request, 'method');
  if (method !== 'POST' && method !== 'PUT') {
    const rule = 'The method of an entry is POST or PUT';
    const mend = 'Send POST; to take a measurement back, send it with status entered-in-error.';
    entry.issues.refuse('not-supported', 'request.method', rule, mend);
    return { ...none, status: 405 };
  }
  return { put: method === 'PUT', ifNoneExist: readIfNoneExist(request, entry.issues) };
}

function readIfNoneExist(request: Spot, issues: IssueList): EntryRequest['ifNoneExist'] {
  const text = textAt(request, 'ifNoneExist');
  if (text === null) return undefined;
  const query = [...new URLSearchParams(text)];
  const [system, value, ...more] = (query[0]?.[1] ?? '').split('|');
  if (
    query.length === 1 &&
    query[0]?.[0] === 'identifier' &&
    system &&
    value &&
    more.length === 0
  ) {
    return { system, value };
  }
  const rule = 'ifNoneExist is identifier=system|value';
  issues.refuse('not-supported', 'request.ifNoneExist', rule, 'Send it so, or leave it out.');
  return undefined;
}

const patientIgnored = (root: string): Issue =>
  issue(
    'information',
    'informational',
    'Measurements name their patient by identifier; a Patient resource is ignored',
    'Leave the Patient out of the Bundle.',
    `${root}.resource`,
  );
