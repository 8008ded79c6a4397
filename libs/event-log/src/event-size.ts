import { SamspillError } from '@samspill/kernel';
import type { OutgoingEvent } from './event-log.ts';

/** What one batch, hence one event, may take; well below `message.max.bytes` of a broker, by default 1,048,588. */
export const batchBytesMax = 900_000;

/** Record overhead beside key, value and the changing headers: header names and length fields, rounded up. */
const overheadBytes = 160;

/**
 * Upper bound of the bytes that an event takes in a record batch. Throws EVENT_TOO_LARGE when no batch can hold it: the
 * broker would refuse it for ever, and everything behind it would wait.
 */
export function bytesOfEvent(event: OutgoingEvent): number {
  const { key, id, source, type, traceparent = '', value } = event;
  // These are ASCII but for source and type, where a letter may take three bytes.
  const text = key.length + id.length + traceparent.length + 3 * (source.length + type.length);
  const bytes = overheadBytes + text + value.length;
  if (bytes <= batchBytesMax) return bytes;
  throw new SamspillError('EVENT_TOO_LARGE', {
    place: `event ${id} of ${bytes} bytes, of which ${batchBytesMax} fit`,
  });
}
