import type { Identifier } from '@samspill/contracts';
import {
  canonicalJson,
  isObject,
  stringifyExact,
  type Json,
  type JsonObject,
} from '../exact-json.ts';
import { holdsNationalNumber } from '../national-number-search.ts';
import type { IssueList } from '../operation-outcome.ts';

/**
 * The Observation as received, without literal references to a patient or with the national number of anybody:
 * published examples carry such numbers in them, and the logical identifier says the same (specs/identifiers.md section 1).
 */
export const withoutPatientReferences = (observation: JsonObject): JsonObject =>
  strip(observation, false) as JsonObject;

/** An event holds the resource and what was read from it, and must fit into one batch of the log (900,000 bytes). */
const resourceBytesMax = 400 * 1024;

/** The resource as text, every number as sent; refused where no event can hold it. */
export function storableText(received: JsonObject, issues: IssueList): string {
  const text = stringifyExact(received);
  if (Buffer.byteLength(text) > resourceBytesMax) {
    const rule = `A measurement has at most ${resourceBytesMax / 1024} KiB`;
    issues.refuse('too-long', '', rule, 'Leave out attachments and long narratives.');
  }
  return text;
}

function strip(json: Json, isSubject: boolean): Json {
  if (Array.isArray(json)) return (json as readonly Json[]).map((item) => strip(item, isSubject));
  if (!isObject(json)) return json;
  const kept = Object.entries(json).filter(
    ([name, value]) =>
      name !== 'reference' || !(isSubject || (typeof value === 'string' && namesPerson(value))),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, strip(value, name === 'subject')]));
}

const namesPerson = (reference: string): boolean =>
  /(^|\/)Patient\//.test(reference) || holdsNationalNumber(reference);

/**
 * The text behind the content mark: what the source sent about this measurement and whom it says it is about. Left
 * out is what changes without the measurement changing: `meta.lastUpdated`, `meta.versionId` and a generated
 * narrative, which repeats the data and its times.
 */
export function canonicalContent(observation: JsonObject, patient: Identifier): string {
  const kept: Record<string, Json> = { ...observation };
  const { meta, text } = observation;
  if (isObject(meta)) {
    const names = Object.keys(meta).filter((name) => !changesByItself.has(name));
    if (names.length === 0) delete kept['meta'];
    else kept['meta'] = Object.fromEntries(names.map((name) => [name, meta[name] ?? null]));
  }
  if (isObject(text) && text['status'] === 'generated') delete kept['text'];
  return canonicalJson({ observation: kept, patient: { ...patient } });
}

const changesByItself = new Set(['lastUpdated', 'versionId']);
