import { idnr } from '@navikt/fnrvalidator';

/** Kinds of 11-digit person numbers (specs/identifiers.md section 3). */
export type PersonNumberKind =
  'birth-number' | 'd-number' | 'common-help-number' | 'local-help-number';

export interface PersonNumber {
  readonly kind: PersonNumberKind;
  /** Month + 65 or + 80: nobody's number. */
  readonly synthetic: boolean;
  readonly checkDigitsHold: boolean;
  /** True where the kind carries no date. */
  readonly dateExists: boolean;
}

export const isElevenDigits = (text: string): boolean => /^\d{11}$/.test(text);

/** Kind and faults of eleven digits. Sex and age are never read from a number. Undefined when it is not eleven digits. */
export function readPersonNumber(digits: string): PersonNumber | undefined {
  if (!isElevenDigits(digits)) return undefined;
  if (/^[89]/.test(digits)) {
    const checkDigitsHold = classicCheckDigitsHold(digits);
    return { kind: 'common-help-number', synthetic: false, checkDigitsHold, dateExists: true };
  }
  const month = Number(digits.slice(2, 4));
  const dNumber = /^[4-7]/.test(digits);
  const helpNumber = month > 40 && month <= 52;
  const reserved = month > 65 && month <= 77;
  return {
    kind: helpNumber ? 'local-help-number' : dNumber ? 'd-number' : 'birth-number',
    synthetic: reserved || (month > 80 && month <= 92),
    // The 2032 rule is not for help numbers.
    checkDigitsHold: helpNumber ? classicCheckDigitsHold(digits) : checkDigitsHold(digits),
    dateExists: dateExists(reserved ? withMonth(digits, month - 65) : digits),
  };
}

/** True for a number that may exist: right check digits and a date that is in the calendar. */
export const isValidPersonNumber = (digits: string): boolean => {
  const number = readPersonNumber(digits);
  return number !== undefined && number.checkDigitsHold && number.dateExists;
};

const faultsOf = (digits: string): readonly string[] => {
  const result = idnr(digits);
  return result.status === 'valid' ? [] : result.reasons;
};

// The library holds the 2032 rule; check digits do not depend on the date, which it judges apart.
const checkDigitsHold = (digits: string): boolean =>
  !faultsOf(digits).includes("checksums don't match");

const dateExists = (digits: string): boolean => !faultsOf(digits).includes('invalid date');

const withMonth = (digits: string, month: number): string =>
  digits.slice(0, 2) + String(month).padStart(2, '0') + digits.slice(4);

const weights1 = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
const weights2 = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

const weighted = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);

const classicCheckDigitsHold = (digits: string): boolean =>
  weighted(digits, weights1) % 11 === 0 && weighted(digits, weights2) % 11 === 0;
