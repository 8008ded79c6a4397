import { holdsNationalNumber } from '@samspill/fhir';

/** Fields of a content that name the patient, or that hold what somebody wrote in free text. */
const personal: ReadonlySet<string> = new Set(['subject', 'resource', 'notes']);

/**
 * A content without what names a person, and without what is empty. Any text in which a national number is found is left
 * out, wherever it stands.
 */
export function withoutPerson(content: unknown): unknown {
  if (Array.isArray(content)) return content.map(withoutPerson);
  if (typeof content === 'string') return holdsNationalNumber(content) ? '(hidden)' : content;
  if (typeof content !== 'object' || content === null) return content;
  return Object.fromEntries(
    Object.entries(content)
      .filter(([name, value]) => !personal.has(name) && !isEmpty(value))
      .map(([name, value]) => [name, withoutPerson(value)]),
  );
}

const isEmpty = (value: unknown): boolean =>
  value === null || (Array.isArray(value) && value.length === 0);
