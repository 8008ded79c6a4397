import type { Identifier } from '@samspill/contracts';
import { isObject, isRefusedBody, parseExactJson, type JsonObject } from '../exact-json.ts';
import { normalSystem, systems } from '../identifier-systems.ts';
import { holdsNationalNumber } from '../national-number-search.ts';
import { isRefusal, issue, issueList, type Issue, type IssueCode } from '../operation-outcome.ts';
import { listAt, spotAt, spotsAt, textAt, type Spot } from '../spot.ts';
import { readEntry, type MeasurementEntry } from './bundle-entry.ts';
import { callContext, type CallContext, type IntakeContext } from './intake-context.ts';
import {
  readObservation,
  type AcceptedMeasurement,
  type BundleFacts,
  type RefusedMeasurement,
} from './observation.ts';

/** The whole body is refused; nothing in it was judged. */
export interface RefusedBody {
  readonly outcome: 'refused';
  readonly status: number;
  readonly issues: readonly Issue[];
}

export interface ReadBundle {
  readonly outcome: 'read';
  /** One for each entry that was sent, in that order. */
  readonly entries: readonly MeasurementEntry[];
}

/** A Bundle that can be read, entry by entry: 5 MiB at a stretch would keep all other callers waiting. */
export interface OpenedBundle {
  readonly outcome: 'opened';
  /** One for each entry that was sent, in that order; each judges its own. */
  readonly readers: readonly (() => MeasurementEntry)[];
}

export const bundleEntriesMax = 1000;

/** Reads a Bundle of measurements: every rule of the intake, nothing of what is held (specs/measurements.md). */
export function readMeasurementBundle(
  body: Buffer,
  context: IntakeContext,
): ReadBundle | RefusedBody {
  const opened = openMeasurementBundle(body, context);
  if (opened.outcome === 'refused') return opened;
  return { outcome: 'read', entries: opened.readers.map((read) => read()) };
}

/** The same up to the entries: parses the body and judges the Bundle itself. */
export function openMeasurementBundle(
  body: Buffer,
  context: IntakeContext,
): OpenedBundle | RefusedBody {
  const opened = openBody(body, context);
  if ('outcome' in opened) return opened;
  const { resource, call } = opened;
  if (resource['resourceType'] !== 'Bundle') {
    return refused(400, 'value', 'A Bundle is sent here', 'Send a Bundle of Observations.', '');
  }
  const issues = issueList('Bundle');
  const bundle: Spot = { element: resource, path: '', issues };
  const type = textAt(bundle, 'type');
  if (type !== 'collection' && type !== 'batch') {
    const rule = 'A Bundle of measurements has the type collection or batch';
    issues.refuse('value', 'type', rule, 'Send it as batch.');
  }
  if (listAt(bundle, 'entry').length > bundleEntriesMax) {
    const rule = `A Bundle has at most ${bundleEntriesMax} entries`;
    return refused(413, 'too-long', rule, 'Send several bundles.', 'Bundle.entry');
  }
  const entries = spotsAt(bundle, 'entry');
  if (entries.length === 0) {
    issues.refuse('value', 'entry', 'A Bundle has entries', 'Send at least one Observation.');
  }
  const wrapping = readWrapping(bundle);
  if (issues.issues.some(isRefusal)) {
    return { outcome: 'refused', status: 400, issues: issues.issues };
  }
  const batch = type === 'batch';
  return {
    outcome: 'opened',
    readers: entries.map(
      (entry, index) => () => readEntry(entry, { index, batch, wrapping, call }),
    ),
  };
}

/** Reads an Observation that is sent by itself. */
export function readMeasurement(
  body: Buffer,
  context: IntakeContext,
): AcceptedMeasurement | RefusedMeasurement {
  const opened = openBody(body, context);
  if ('outcome' in opened) return opened;
  const { resource, call } = opened;
  if (resource['resourceType'] !== 'Observation') {
    return refused(422, 'not-supported', 'An Observation is sent here', 'Send an Observation.', '');
  }
  return readObservation(resource, 'Observation', { ...unwrapped, put: false }, call);
}

const unwrapped = {
  fullUrl: null,
  bundleIdentifier: null,
  bundleTimestamp: null,
  municipality: null,
};

function openBody(
  body: Buffer,
  context: IntakeContext,
): { readonly resource: JsonObject; readonly call: CallContext } | RefusedBody {
  const read = parseExactJson(body);
  if (isRefusedBody(read)) return { outcome: 'refused', status: read.status, issues: [read.issue] };
  if (!isObject(read.json) || typeof read.json['resourceType'] !== 'string') {
    const rule = 'A body is a FHIR resource with resourceType';
    return refused(400, 'structure', rule, 'Send a FHIR resource as JSON.', '');
  }
  const call = callContext(context);
  if ('issues' in call) return { outcome: 'refused', status: 400, issues: call.issues };
  return { resource: read.json, call };
}

function readWrapping(bundle: Spot): BundleFacts {
  return {
    bundleIdentifier: readBundleIdentifier(bundle),
    bundleTimestamp: textAt(bundle, 'timestamp'),
    municipality: readMunicipality(bundle),
  };
}

function readBundleIdentifier(bundle: Spot): Identifier | null {
  const identifier = spotAt(bundle, 'identifier');
  const value = identifier === undefined ? null : textAt(identifier, 'value');
  if (identifier === undefined || value === null) return null;
  if (holdsNationalNumber(value)) {
    const rule = 'An identifier of a Bundle holds no national number';
    bundle.issues.refuse(
      'value',
      'identifier.value',
      rule,
      'Send an identifier that names no person.',
    );
  }
  const system = textAt(identifier, 'system');
  return { system: system === null ? null : normalSystem(system), value };
}

function readMunicipality(bundle: Spot): string | null {
  const meta = spotAt(bundle, 'meta');
  const tags = meta === undefined ? [] : spotsAt(meta, 'tag');
  const codes = tags
    .filter((tag) => normalSystem(textAt(tag, 'system') ?? '') === systems.municipality)
    .flatMap((tag) => textAt(tag, 'code') ?? []);
  // Clear in the event: so only what has the form of a municipality number.
  return codes.find((code) => /^\d{4}$/.test(code)) ?? null;
}

const refused = (
  status: number,
  code: IssueCode,
  rule: string,
  mend: string,
  place: string,
): RefusedBody => ({
  outcome: 'refused',
  status,
  issues: [issue('error', code, rule, mend, place === '' ? undefined : place)],
});
