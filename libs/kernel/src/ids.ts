import { randomBytes } from 'node:crypto';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** UUIDv8 text of an event (design D4). */
export type EventId = Branded<'EventId'>;
/** A patient's name inside the mesh: 16 random bytes as 22 characters of base64url (design D6). */
export type Pseudonym = Branded<'Pseudonym'>;

const pseudonymForm = /^[A-Za-z0-9_-]{21}[AQgw]$/;
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A new pseudonym. Only the key vault makes them. */
export const newPseudonym = (): Pseudonym => randomBytes(16).toString('base64url') as Pseudonym;

export const isPseudonym = (text: string): text is Pseudonym => pseudonymForm.test(text);
export const isEventId = (text: string): text is EventId => uuidForm.test(text);

/** A UUIDv8 (RFC 9562) made of the first 16 bytes of a keyed hash. */
export function uuidV8(hash: Uint8Array): EventId {
  const bytes = Buffer.from(hash.subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ];
  return parts.join('-') as EventId;
}
