const weights = [3, 2, 7, 6, 5, 4, 3, 2];

/** An organisation number without the spaces that people put in; undefined for anything but nine digits. */
export function organisationDigits(text: string): string | undefined {
  const digits = text.replaceAll(' ', '');
  return /^\d{9}$/.test(digits) ? digits : undefined;
}

/** True for nine digits whose control digit is right (specs/identifiers.md section 4). */
export function isValidOrganisationNumber(text: string): boolean {
  const digits = organisationDigits(text);
  if (digits === undefined) return false;
  const sum = weights.reduce((total, weight, at) => total + weight * Number(digits[at]), 0);
  const control = (11 - (sum % 11)) % 11;
  return control === Number(digits[8]);
}
