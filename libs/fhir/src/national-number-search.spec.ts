import { describe, expect, it } from 'vitest';
import { findNationalNumbers } from './national-number-search.ts';

describe('the 11-digit rule', () => {
  it.each([
    '15838510075',
    'patient=15838510075&x',
    'a/55838510069/b',
    '"15688510039"',
    '15438510092',
  ])('finds the number in %s', (text) => expect(findNationalNumbers(text)).toHaveLength(1));

  it.each([
    ['a12345-15838510075b', 'letters follow'],
    ['158385100750', '12 digits'],
    ['15838510076', 'wrong check digit'],
    ['f47ac10b-58cc-4372-8567-015838510075', 'end of a UUID'],
    ['urn:oid:2.16.578.1.15838510075', 'part of an OID'],
    ['1583851007', '10 digits'],
  ])('finds nothing in %s (%s)', (text) => expect(findNationalNumbers(text)).toEqual([]));

  it('reads a row of 300,000 digits to its end within the time of a test', () =>
    expect(findNationalNumbers('1'.repeat(300_000))).toEqual([]));
});
