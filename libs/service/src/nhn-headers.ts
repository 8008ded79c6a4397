import type { IncomingHttpHeaders } from 'node:http';
import { parsePositions, type Position } from '@samspill/kernel';
import { holdsEncodedNationalNumber } from './encoded-national-number.ts';
import { HttpRefusal } from './http-refusal.ts';

/** Names of one header, the present one first, then those that older clients send (identifiers, section 6). */
const names = {
  patient: ['nhn-patient-nin', 'hit-patient-pid', 'person-id', 'x-pmd-patient'],
  eventId: ['nhn-event-id', 'correlation-id', 'x-event-id', 'x-correlation-id', 'x-request-id'],
  sourceSystem: ['nhn-source-system', 'x-epj-system'],
} as const;

type Headers = IncomingHttpHeaders;

/** The patient's national number, from `nhn-patient-nin` or an older name; undefined when absent. */
export const patientHeader = (headers: Headers): string | undefined =>
  oneValueOf(headers, names.patient);

/** The caller's trace id, at most 128 characters and without a national number, encoded or not; undefined when absent. */
export const eventIdHeader = (headers: Headers): string | undefined =>
  tracingText(headers, names.eventId, 128);

/** Name and version of the calling system, at most 512 characters; undefined when absent. */
export const sourceSystemHeader = (headers: Headers): string | undefined =>
  tracingText(headers, names.sourceSystem, 512);

/** The positions that a read must have seen, from `Samspill-After`; empty when absent. */
export function afterHeader(headers: Headers): Position[] {
  const value = oneValueOf(headers, ['samspill-after']);
  if (value === undefined) return [];
  const positions = parsePositions(value);
  if (positions === undefined) {
    refuse(
      'Samspill-After',
      'positions are written topic:partition:offset, separated by commas',
      'send the value of Samspill-Position unchanged',
    );
  }
  return positions;
}

function oneValueOf(headers: Headers, candidates: readonly string[]): string | undefined {
  const shown = candidates[0] ?? '';
  // Node joins a header that is sent twice with a comma; none of these values may hold one, except positions.
  const values = candidates.flatMap((name) => headers[name] ?? []).map((value) => value.trim());
  const value = values[0];
  if (value === undefined) return undefined;
  if (values.some((other) => other !== value)) {
    refuse(shown, 'a header and its older names have one value', `send ${shown} alone`);
  }
  if (shown !== 'samspill-after' && value.includes(',')) {
    refuse(shown, 'the header is sent once, and its value holds no comma', `send ${shown} once`);
  }
  if (/[\u0000-\u001f\u007f]/.test(value)) {
    refuse(shown, 'a header value is visible ASCII', 'percent-encode other characters');
  }
  return value;
}

/** A text that callers make and we log. */
function tracingText(
  headers: Headers,
  candidates: readonly string[],
  max: number,
): string | undefined {
  const value = oneValueOf(headers, candidates);
  if (value === undefined) return undefined;
  const shown = candidates[0] ?? '';
  if (value.length === 0 || value.length > max) {
    refuse(shown, `the value has 1 to ${max} characters`, 'shorten it');
  }
  if (holdsEncodedNationalNumber(value)) {
    refuse(
      shown,
      'the value holds no national number, since it is logged',
      'send a value that names no person',
    );
  }
  return value;
}

function refuse(header: string, rule: string, mend: string): never {
  throw new HttpRefusal(400, [{ code: 'value', place: `header ${header}`, rule, mend }]);
}
