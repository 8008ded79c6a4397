import { readDateTime } from '../date-time.ts';
import { issue } from '../operation-outcome.ts';
import { spotAt, textAt, type Spot } from '../spot.ts';

/** When the source says that it changed: `meta.lastUpdated`, else the Bundle's timestamp. It decides what is newer. */
export function readSourceTime(
  observation: Spot,
  bundleTimestamp: string | null,
): { readonly text: string | null; readonly atMs: number | undefined } {
  const { issues } = observation;
  const meta = spotAt(observation, 'meta');
  const own = meta === undefined ? null : textAt(meta, 'lastUpdated');
  const text = own ?? bundleTimestamp;
  const atMs = readDateTime(text ?? '')?.firstInstantMs;
  if (text !== null && atMs === undefined) {
    const rule = 'The time of a change is a date and time with seconds and zone';
    const mend = 'Send for example 2024-03-01T08:30:00+01:00.';
    if (own !== null) issues.refuse('value', 'meta.lastUpdated', rule, mend);
    // The Bundle's own fault holds up none of what is in it.
    else issues.add([issue('warning', 'value', rule, mend, 'Bundle.timestamp')]);
  }
  return { text, atMs };
}
