import { isValidPersonNumber } from './person-number.ts';

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
// It begins where digits begin: without that a long row of digits would be tried from each of them.
const dottedOid = /(?<!\d)\d+(?:\.\d+){3,}/g;
const elevenDigitToken = /(?<![\p{L}\p{N}])\d{11}(?![\p{L}\p{N}])/gu;

/**
 * National numbers in a text, by the 11-digit rule (specs/identifiers.md section 1): whole tokens of 11 digits with
 * right check digits, outside UUIDs and dotted OIDs.
 */
export function findNationalNumbers(text: string): string[] {
  const rest = text.replace(uuid, ' ').replace(dottedOid, ' ');
  return (rest.match(elevenDigitToken) ?? []).filter(isValidPersonNumber);
}

/** True for a caller-made string that would carry a patient into a log. */
export const holdsNationalNumber = (text: string): boolean => findNationalNumbers(text).length > 0;
