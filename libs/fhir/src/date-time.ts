/** A FHIR dateTime as sent, with what follows from its precision. */
export interface DateTime {
  readonly precision: 'year' | 'month' | 'day' | 'instant';
  /** Milliseconds since the epoch; a date without a time counts as its first instant in UTC, and is not shifted. */
  readonly firstInstantMs: number;
}

const form =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d))?)?)?$/;

/** Reads a FHIR dateTime: a time has seconds and a zone, and the day exists. Undefined for anything else. */
export function readDateTime(text: string): DateTime | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour] = match;
  // `Date.UTC` would take the years 0 to 99 for 1900 to 1999.
  const firstDayMs = new Date(0).setUTCFullYear(
    Number(year),
    Number(month ?? 1) - 1,
    Number(day ?? 1),
  );
  if (!isSameDay(firstDayMs, Number(month ?? 1), Number(day ?? 1))) return undefined;
  if (hour !== undefined) return { precision: 'instant', firstInstantMs: Date.parse(text) };
  const precision = day !== undefined ? 'day' : month !== undefined ? 'month' : 'year';
  return { precision, firstInstantMs: firstDayMs };
}

/** A day that does not exist rolls over into another month. */
const isSameDay = (ms: number, month: number, day: number): boolean => {
  const date = new Date(ms);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};
