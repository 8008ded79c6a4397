import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isEventId, isPseudonym, newPseudonym, uuidV8 } from './ids.ts';

it('an event id is a UUIDv8 of the first 16 bytes of a hash, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 32 }), (hash) => {
      const id = uuidV8(hash);
      expect(isEventId(id)).toBe(true);
      // All but the six bits of version and variant are the hash's own.
      const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
      expect(bytes.subarray(0, 6)).toEqual(Buffer.from(hash.subarray(0, 6)));
      expect(bytes.subarray(9)).toEqual(Buffer.from(hash.subarray(9, 16)));
    }),
  );
});

it('the same hash gives the same id, the one that other languages must come to', () => {
  const hash = createHash('sha256').update('samspill').digest();
  expect(uuidV8(hash)).toBe('cf7cbe09-2cee-8e41-ac47-1cec68a9b73e');
});

it('a new pseudonym has 16 bytes of its own', () => {
  const made = Array.from({ length: 100 }, newPseudonym);
  expect(made.every(isPseudonym)).toBe(true);
  expect(made.every((one) => Buffer.from(one, 'base64url').length === 16)).toBe(true);
  expect(new Set(made).size).toBe(100);
});

it.each(['', 'short', '15838510075', 'A'.repeat(21), `${'A'.repeat(21)}B`, `${'A'.repeat(21)}=`])(
  '%j is no pseudonym',
  (text) => {
    expect(isPseudonym(text)).toBe(false);
  },
);
