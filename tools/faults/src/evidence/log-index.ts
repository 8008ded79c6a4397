import { formatPosition } from '@samspill/kernel';
import type { RawRecord } from './evidence.ts';

/** By `topic:partition:offset`. */
export const recordsByPosition = <R extends RawRecord>(log: readonly R[]): Map<string, R> =>
  new Map(log.map((record) => [formatPosition(record), record]));

/** Positions of each event id; a producer's repeat gives an event several. */
export function positionsById(log: readonly RawRecord[]): Map<string, string[]> {
  const positions = new Map<string, string[]>();
  for (const record of log) {
    const known = positions.get(record.eventId);
    if (known === undefined) positions.set(record.eventId, [formatPosition(record)]);
    else known.push(formatPosition(record));
  }
  return positions;
}

/** The first record of each event id: the one that counts, since the first writing of a row wins. */
export function firstById<R extends RawRecord>(log: readonly R[]): Map<string, R> {
  const first = new Map<string, R>();
  for (const record of log) {
    const known = first.get(record.eventId);
    if (known === undefined || record.offset < known.offset) first.set(record.eventId, record);
  }
  return first;
}
