import type { Read } from '../history/history-line.ts';
import { ordersOf } from '../evidence/operations.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Check } from './check.ts';

type SeenRead = Read & { readonly at: number; readonly seen: number };

/** Reads that showed a patient of whom nothing had been ordered yet: an order takes effect at a time that no reader knows. */
function plainReads({ history }: Evidence): Map<string, SeenRead[]> {
  const orderedAt = new Map<string, number>();
  for (const { patient, givenAt } of ordersOf(history)) {
    if (!orderedAt.has(patient)) orderedAt.set(patient, givenAt);
  }
  const reads = history.filter(
    (line): line is SeenRead =>
      line.kind === 'read' &&
      line.seen !== undefined &&
      line.at < (orderedAt.get(line.patient) ?? Infinity),
  );
  return Map.groupBy(reads, ({ patient }) => patient);
}

export const readsMonotonic: Check = {
  name: 'reads-monotonic',
  promise:
    'what one read has shown of a patient, every later read shows, whichever instance is asked',
  find: (evidence) =>
    [...plainReads(evidence)].flatMap(([patient, reads]) => {
      const byEnd = [...reads].sort((a, b) => a.at - b.at);
      const byBegin = [...reads].sort((a, b) => a.began - b.began);
      let ended = 0;
      let best: SeenRead | undefined;
      return byBegin.flatMap((read) => {
        for (
          let one = byEnd[ended];
          one !== undefined && one.at <= read.began;
          one = byEnd[ended]
        ) {
          if (best === undefined || one.seen > best.seen) best = one;
          ended += 1;
        }
        if (best === undefined || read.seen >= best.seen) return [];
        const message = `${read.via} showed ${read.seen} of ${patient} after ${best.via} had shown ${best.seen}`;
        return [{ message, patient, at: read.at }];
      });
    }),
};

export const readsSeeOwnWrites: Check = {
  name: 'reads-see-own-writes',
  promise: 'a read with Samspill-After of an acknowledged write shows it',
  find: (evidence) =>
    [...plainReads(evidence)].flatMap(([patient, reads]) =>
      reads.flatMap(({ after, seen, via, at }) => {
        if (after === undefined || seen >= after) return [];
        const message = `${via} showed ${seen} of ${patient} to a read that waited for ${after}`;
        return [{ message, patient, at }];
      }),
    ),
};
