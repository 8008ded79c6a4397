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

/** The record of each event id that counts: the first under the latest key that it was sealed by. */
export function standingById<R extends RawRecord & { readonly keyVersion: number }>(
  log: readonly R[],
): Map<string, R> {
  const standing = new Map<string, R>();
  for (const record of log) {
    const known = standing.get(record.eventId);
    if (known === undefined || counts(record, known)) standing.set(record.eventId, record);
  }
  return standing;
}

type Place = Pick<RawRecord, 'offset'> & { readonly keyVersion: number };

const counts = (one: Place, other: Place): boolean =>
  one.keyVersion === other.keyVersion
    ? one.offset < other.offset
    : one.keyVersion > other.keyVersion;
