/** The last measurement of a page, in the order of the search. */
export interface Cursor {
  /** Milliseconds since the epoch. */
  readonly effectiveFrom: number;
  readonly eventId: string;
}

const form = /^(-?\d{1,15})~([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Opaque to callers; it names no patient, so it may stand in a link. */
export const writeCursor = ({ effectiveFrom, eventId }: Cursor): string =>
  Buffer.from(`${effectiveFrom}~${eventId}`).toString('base64url');

export function readCursor(text: string): Cursor | undefined {
  const match = form.exec(Buffer.from(text, 'base64url').toString('latin1'));
  const [, effectiveFrom, eventId] = match ?? [];
  if (effectiveFrom === undefined || eventId === undefined) return undefined;
  return { effectiveFrom: Number(effectiveFrom), eventId };
}
