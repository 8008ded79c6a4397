import type { PartitionOfTopic, PartitionRange } from '@samspill/event-log';

/** The partition ended at `end` up to `lastSeenMs`: a record at `end` or beyond was written later. */
interface Sample {
  readonly end: number;
  readonly lastSeenMs: number;
}

const samplesMax = 512;

/**
 * Remembers when each partition had which end, so that the age of the first record that is not applied can be told
 * without reading it. Ages are upper bounds, as exact as looks are frequent; beyond {@link samplesMax} changes older
 * ones are thinned out, which makes them greater, never smaller.
 */
export class EndHistory {
  readonly #samples = new Map<string, Sample[]>();

  note(ranges: readonly PartitionRange[], nowMs: number): void {
    for (const range of ranges) {
      const samples = this.#samples.get(nameOf(range)) ?? [];
      const { end } = range;
      // A log that was wiped begins anew.
      const before = samples.filter((sample) => sample.end < end);
      this.#samples.set(nameOf(range), thinned([...before, { end, lastSeenMs: nowMs }]));
    }
  }

  /** Seconds since the record at `next` was written, at most; null when it is older than what was seen. */
  behindSeconds(at: PartitionOfTopic & { readonly next: number }, nowMs: number): number | null {
    const sample = this.#samples.get(nameOf(at))?.findLast(({ end }) => end <= at.next);
    return sample === undefined ? null : Math.ceil((nowMs - sample.lastSeenMs) / 1000);
  }
}

function thinned(samples: Sample[]): Sample[] {
  if (samples.length <= samplesMax) return samples;
  const half = samplesMax / 2;
  return samples.filter((_, at) => at >= half || at % 2 === 0);
}

const nameOf = ({ topic, partition }: PartitionOfTopic): string => `${topic}:${partition}`;
