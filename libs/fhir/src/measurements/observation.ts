import type { Identifier, MeasurementContent } from '@samspill/contracts';
import type { JsonObject } from '../exact-json.ts';
import { isRefusal, issueList, type Issue } from '../operation-outcome.ts';
import { spotsAt, textAt, type Spot } from '../spot.ts';
import { readEffectiveTime } from './effective-time.ts';
import type { CallContext } from './intake-context.ts';
import { readContent, requireCode, type ObservedContent } from './measurement-content.ts';
import { naturalKeyParts, type NaturalKey } from './natural-key.ts';
import { checkNews2Sum } from './news2-sum.ts';
import { checkProfiles } from './profile-rules.ts';
import { canonicalContent, storableText, withoutPatientReferences } from './received-resource.ts';
import { responsibleOrganisation } from './responsible-organisation.ts';
import { readSourceTime } from './source-time.ts';
import { readSubject } from './subject.ts';

/** What the source asks for. `correct`: by PUT, or marked as amended or corrected. */
export type Intent = 'record' | 'correct' | 'retract';

/** What a Bundle says about all that is in it; nulls for an Observation that is sent by itself. */
export interface BundleFacts {
  readonly bundleIdentifier: Identifier | null;
  readonly bundleTimestamp: string | null;
  readonly municipality: string | null;
}

export interface Wrapping extends BundleFacts {
  /** Null when absent or no key. */
  readonly fullUrl: string | null;
  readonly put: boolean;
}

/** A measurement that the rules let in. Nothing about what is held is known yet. */
export interface AcceptedMeasurement {
  readonly outcome: 'accepted';
  readonly intent: Intent;
  /** Status amended or corrected: the source itself says that this replaces something. */
  readonly marked: boolean;
  readonly patient: Identifier;
  /** Number of the organisation whose key it is. */
  readonly organisation: string;
  readonly key: NaturalKey;
  /** The text behind the content mark. */
  readonly canonicalText: string;
  /** Milliseconds; `meta.lastUpdated`, else the Bundle's timestamp. */
  readonly sourceUpdatedAtMs: number | undefined;
  readonly occurredAtMs: number;
  /** The clear fields of the event. */
  readonly clear: {
    readonly status: string;
    readonly categories: readonly string[];
    readonly municipality: string | null;
  };
  readonly content: MeasurementContent;
  readonly warnings: readonly Issue[];
}

export interface RefusedMeasurement {
  readonly outcome: 'refused';
  readonly status: number;
  readonly issues: readonly Issue[];
}

const retracting = new Set(['entered-in-error', 'cancelled']);
const marking = new Set(['amended', 'corrected']);
const statuses = new Set([
  ...retracting,
  ...marking,
  'registered',
  'preliminary',
  'final',
  'unknown',
]);

/** Judges one Observation by every rule and names all that is wrong. `root`: its FHIRPath in what was sent. */
export function readObservation(
  resource: JsonObject,
  root: string,
  wrapping: Wrapping,
  context: CallContext,
): AcceptedMeasurement | RefusedMeasurement {
  const issues = issueList(root);
  const observation: Spot = { element: resource, path: '', issues };
  const status = readStatus(observation);
  const retracts = status !== null && retracting.has(status);
  requireCode(observation, 'A measurement has a code or a text for it', 'Send what was measured.');
  const patient = readSubject(observation, context);
  const categories = readCategories(observation);
  // A retraction needs beyond its key only status, code and subject: the rest is read, and its faults do not count.
  const measured: Spot = retracts ? { ...observation, issues: issueList(root) } : observation;
  const content = readContent(measured);
  const when = readEffectiveTime(measured, context.now, categories.includes('vital-signs'));
  checkMeasured(measured, content);
  const updated = readSourceTime(measured, wrapping.bundleTimestamp);

  const key = naturalKeyParts(
    observation,
    wrapping.fullUrl,
    patient === undefined ? '' : patient.value,
  );
  const marked = status !== null && marking.has(status);
  if (key.kind === 'hash' && (marked || retracts)) {
    const rule = 'A correction or retraction names what it changes';
    const mend = 'Send the fullUrl, or an identifier with a system, under which it was first sent.';
    issues.refuse('required', 'identifier', rule, mend);
  }
  const organisation = responsibleOrganisation(content.responsibleOrganisations, context, issues);
  const received = withoutPatientReferences(resource);
  const receivedText = storableText(received, issues);
  const refusals = issues.issues.filter(isRefusal);
  if (refusals.length > 0 || patient === undefined || status === null) {
    return { outcome: 'refused', status: 422, issues: issues.issues };
  }

  const warnings = issues.issues;
  return {
    outcome: 'accepted',
    intent: intentOf(status, wrapping.put, key),
    marked,
    patient,
    organisation,
    key,
    canonicalText: canonicalContent(received, patient),
    sourceUpdatedAtMs: updated.atMs,
    occurredAtMs: when.occurredAtMs,
    clear: { status, categories, municipality: wrapping.municipality },
    content: {
      ...content,
      subject: patient,
      effective: when.effective,
      bundleIdentifier: wrapping.bundleIdentifier,
      bundleTimestamp: wrapping.bundleTimestamp,
      sourceUpdatedAt: updated.text,
      warnings: warnings.map(({ place = root, rule }) => `${place}: ${rule}`),
      resource: receivedText,
    },
    warnings,
  };
}

/** A PUT without a key of its own changes nothing that is known: it is a first sending. */
function intentOf(status: string, put: boolean, key: NaturalKey): Intent {
  if (retracting.has(status)) return 'retract';
  return marking.has(status) || (put && key.kind !== 'hash') ? 'correct' : 'record';
}

function readStatus(observation: Spot): string | null {
  const status = textAt(observation, 'status');
  if (status !== null && statuses.has(status)) return status;
  const rule = `status is one of ${[...statuses].join(', ')}`;
  observation.issues.refuse(
    status === null ? 'required' : 'value',
    'status',
    rule,
    'Send one of these.',
  );
  return null;
}

const categorySystem =
  /^https?:\/\/(terminology\.hl7\.org\/CodeSystem|hl7\.org\/fhir)\/observation-category$/;

/** Codes of HL7's own category system; what else a source sends stays under the seal. */
const readCategories = (observation: Spot): string[] =>
  spotsAt(observation, 'category')
    .flatMap((category) => spotsAt(category, 'coding'))
    .filter((coding) => categorySystem.test(textAt(coding, 'system') ?? ''))
    .flatMap((coding) => textAt(coding, 'code') ?? [])
    .filter((code) => /^[a-z-]{1,32}$/.test(code));

const measuring = ['component', 'dataAbsentReason', 'hasMember'];

function checkMeasured(observation: Spot, content: ObservedContent): void {
  const isMeasured = Object.keys(observation.element).some(
    (name) => measuring.includes(name) || /^value[A-Z]/.test(name),
  );
  if (!isMeasured) {
    const rule = 'A measurement has a value, components, members or a reason for their absence';
    observation.issues.refuse('invariant', '', rule, 'Send value[x], or dataAbsentReason.');
  }
  checkProfiles(observation, content);
  if (content.kind === 'news2') checkNews2Sum(observation.issues, content);
}
