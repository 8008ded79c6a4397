import type { Effective } from '@samspill/contracts';
import { readDateTime, type DateTime } from '../date-time.ts';
import { has, pathOf, spotAt, textAt, type Spot } from '../spot.ts';

export interface EffectiveTime {
  readonly effective: Effective;
  /** Milliseconds; a date without a time counts as its first instant in UTC. */
  readonly occurredAtMs: number;
}

const futureMaxMs = 10 * 60_000;
// A date begins in the easternmost zone 14 hours before it begins in UTC: today's date there is not the future.
const dateLeadMs = 14 * 3_600_000;

/** When it was measured: effective[x], else issued, else the time of receipt with a warning (specs/measurements.md 4.2). */
export function readEffectiveTime(spot: Spot, now: Date, isVitalSign: boolean): EffectiveTime {
  const period = spotAt(spot, 'effectivePeriod');
  const start =
    readTime(spot, 'effectiveDateTime', now) ??
    readTime(spot, 'effectiveInstant', now) ??
    (period === undefined ? undefined : readTime(period, 'start', now));
  const end = period === undefined ? undefined : readTime(period, 'end', now);
  requireEffective(spot, isVitalSign);
  const known = start ?? end;
  if (known !== undefined) {
    return time(start?.text ?? null, end?.text ?? null, known, 'effective');
  }
  const issued = readTime(spot, 'issued', now);
  if (issued !== undefined) return time(issued.text, null, issued, 'issued');
  const rule = 'A measurement says when it was taken';
  spot.issues.warn(
    'value',
    'effective',
    rule,
    'Send effectiveDateTime; the time of receipt stands in.',
  );
  const receipt = { precision: 'instant', firstInstantMs: now.getTime() } as const;
  return time(now.toISOString(), null, receipt, 'received');
}

const allForms = ['effectiveDateTime', 'effectivePeriod', 'effectiveInstant', 'effectiveTiming'];

function requireEffective(spot: Spot, isVitalSign: boolean): void {
  if (allForms.filter((name) => has(spot, name)).length > 1) {
    const rule = 'An observation has one effective time of one type';
    spot.issues.refuse('structure', 'effective', rule, 'Send one effective[x] element.');
  }
  const period = spotAt(spot, 'effectivePeriod');
  const isTold =
    has(spot, 'effectiveDateTime') ||
    (period !== undefined && (has(period, 'start') || has(period, 'end')));
  if (isVitalSign && !isTold) {
    const rule = 'A vital sign has effectiveDateTime or effectivePeriod (HL7 vital signs)';
    spot.issues.refuse('invariant', 'effective', rule, 'Send when it was measured.');
  }
}

type SentTime = DateTime & { readonly text: string };

function readTime(spot: Spot, name: string, now: Date): SentTime | undefined {
  const text = textAt(spot, name);
  if (text === null) return undefined;
  const read = readDateTime(text);
  const path = pathOf(spot, name);
  if (read === undefined) {
    const rule =
      'A time is a FHIR dateTime: a date that exists, or a date and time with seconds and zone';
    spot.issues.refuse('value', path, rule, 'Send for example 2024-03-01T08:30:00+01:00.');
    return undefined;
  }
  const lead = read.precision === 'instant' ? 0 : dateLeadMs;
  if (read.firstInstantMs - lead > now.getTime() + futureMaxMs) {
    const rule = 'A measurement lies at most 10 minutes ahead of now';
    spot.issues.refuse('value', path, rule, 'Check the clock and zone of the device.');
  }
  return { ...read, text };
}

const time = (
  start: string | null,
  end: string | null,
  { precision, firstInstantMs }: DateTime,
  basis: string,
): EffectiveTime => ({
  effective: { start, end, precision, basis },
  occurredAtMs: firstInstantMs,
});
