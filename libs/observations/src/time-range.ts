/** A span of time in milliseconds since the epoch: `from` belongs to it, `to` is the first instant after it. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

const form =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$/;

/**
 * The span that a FHIR date or dateTime names by its precision: a year, month, day, minute, second, or less.
 * Undefined when the text is no such date, also when a time lacks its zone (FHIR R4, search, section 3.1.1.4.7).
 * A date has no zone of its own and is taken as a day in Norway, both where it was measured and where it is asked for.
 */
export function timeRange(text: string): TimeRange | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [year = 0, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((part: string | undefined) => (part === undefined ? undefined : Number(part)));
  const fraction = match[7];
  const zone = match[8];
  if (!isOnCalendar(year, month ?? 1, day ?? 1)) return undefined;

  if (hour === undefined || minute === undefined || zone === undefined) {
    const next =
      day !== undefined
        ? ([year, month ?? 1, day + 1] as const)
        : month !== undefined
          ? ([year, month + 1, 1] as const)
          : ([year + 1, 1, 1] as const);
    return { from: startOfDay(year, month ?? 1, day ?? 1), to: startOfDay(...next) };
  }
  const offsetMinutes = zoneMinutes(zone);
  if (hour > 23 || minute > 59 || (second ?? 0) > 60 || offsetMinutes === undefined)
    return undefined;
  const from =
    utc(year, month ?? 1, day ?? 1) +
    (hour * 60 + minute - offsetMinutes) * 60_000 +
    (second ?? 0) * 1000 +
    Math.floor(Number(fraction ?? 0) * 1000);
  return { from, to: from + (second === undefined ? 60_000 : fraction === undefined ? 1000 : 1) };
}

/** `Date.UTC` takes the years 0 to 99 for 1900 to 1999. */
function utc(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

function isOnCalendar(year: number, month: number, day: number): boolean {
  const date = new Date(utc(year, month, day));
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function zoneMinutes(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number);
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

const norway = new Intl.DateTimeFormat('en', {
  timeZone: 'Europe/Oslo',
  timeZoneName: 'longOffset',
});

/** Norwegian clocks change at 01:00 UTC, so the offset at 00:00 UTC is that of the midnight before. */
function startOfDay(year: number, month: number, day: number): number {
  const midnight = utc(year, month, day);
  const name = norway.formatToParts(midnight).find(({ type }) => type === 'timeZoneName')?.value;
  const offset = /GMT([+-]\d\d:\d\d)/.exec(name ?? '')?.[1];
  return midnight - (offset === undefined ? 0 : (zoneMinutes(offset) ?? 0)) * 60_000;
}
