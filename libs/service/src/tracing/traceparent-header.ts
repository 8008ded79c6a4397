import type { IncomingHttpHeaders } from 'node:http';
import { holdsNationalNumber } from '@samspill/fhir';

const form = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Eleven digits that stand alone among letters, or after zeros that fill up. */
const numbers = /(?<!\d)0*(\d{11})(?!\d)/g;

/**
 * The trace that a caller names in W3C form; undefined when absent or malformed. One that is made of a national number
 * counts as absent: it would stand in headers of the log. Of random ones that is one in a hundred thousand.
 */
export function traceparentHeader(headers: IncomingHttpHeaders): string | undefined {
  const value = headers['traceparent'];
  if (typeof value !== 'string' || !form.test(value)) return undefined;
  const isOfPerson = value
    .matchAll(numbers)
    .some(([, digits]) => digits !== undefined && holdsNationalNumber(digits));
  return isOfPerson ? undefined : value;
}
