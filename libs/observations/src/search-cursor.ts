import { createHash } from 'node:crypto';

/** The last measurement of a page, in the order of the search. */
export interface Cursor {
  /** Milliseconds since the epoch. */
  readonly effectiveFrom: number;
  readonly eventId: string;
}

/** What decides which measurements come in which order. */
interface Order {
  readonly dates: readonly object[];
  readonly codes: readonly (readonly string[])[];
  readonly newestFirst: boolean;
}

// A day before the year 0 begins anywhere: nothing is measured earlier, and PostgreSQL's calendar begins in 4713 BC.
const earliestMs = Date.parse('0000-01-01T00:00:00Z') - 86_400_000;
const form = /^(-?\d{1,15})~([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})~([\w-]{8})$/;

/** Opaque to callers; it names no patient, so it may stand in a link. */
export const writeCursor = ({ effectiveFrom, eventId }: Cursor, search: Order): string =>
  Buffer.from(`${effectiveFrom}~${eventId}~${markOf(search)}`).toString('base64url');

/** Undefined for what is no cursor of this search: in another one it would pass over measurements, or give them again. */
export function readCursor(text: string, search: Order): Cursor | undefined {
  const match = form.exec(Buffer.from(text, 'base64url').toString('latin1'));
  const [, effectiveFrom, eventId, mark] = match ?? [];
  if (effectiveFrom === undefined || eventId === undefined) return undefined;
  if (Number(effectiveFrom) < earliestMs) return undefined;
  return mark === markOf(search) ? { effectiveFrom: Number(effectiveFrom), eventId } : undefined;
}

const markOf = ({ dates, codes, newestFirst }: Order): string =>
  createHash('sha256')
    .update(JSON.stringify([dates, codes, newestFirst]))
    .digest('base64url')
    .slice(0, 8);
