import { describe, expect, it } from 'vitest';
import { holdsEncodedNationalNumber } from './encoded-national-number.ts';

describe('a national number is found', () => {
  it.each([
    ['as it stands', 'a/15838510075'],
    ['with a digit encoded', '%315838510075'],
    ['with every digit encoded', '%31%35%38%33%38%35%31%30%30%37%35'],
    ['encoded twice', '%25315838510075'],
    ['beside a malformed encoding', '%ZZ/%315838510075'],
    ['beside bytes that are no UTF-8', '%E0%A4%A/%FF%315838510075'],
    ['behind an encoded dash', '%E2%80%9315838510075'],
    ['before an encoded letter', '15838510075%41'],
  ])('%s', (_, text) => expect(holdsEncodedNationalNumber(text)).toBe(true));

  it.each([
    ['other digits', '%315838510076'],
    ['a trace id', 'f47ac10b-58cc-4372-8567-0e02b2c3d479'],
    ['a lone per cent', '100 %'],
  ])('not in %s', (_, text) => expect(holdsEncodedNationalNumber(text)).toBe(false));
});
