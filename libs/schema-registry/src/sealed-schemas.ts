import { avroType, fingerprintOf, type AvroSchema, type SealedType } from '@samspill/contracts';
import { SamspillError } from '@samspill/kernel';
import type { SchemaRegistry } from './schema-registry.ts';

/** Names the writer's schema of one sealed part. */
export interface SealedPart {
  readonly type: SealedType;
  readonly fingerprint: Buffer;
}

type Reader = (bytes: Buffer) => unknown;

/** Readers of sealed parts, by the fingerprint of the schema that wrote them (design D5). */
export function sealedSchemas(registry: SchemaRegistry) {
  const readers = new Map<string, Reader>();
  // 32 bytes as text of one byte a character: a key without the cost of hex.
  const keyOf = (type: SealedType, fingerprint: Buffer): string =>
    type.subject + fingerprint.toString('latin1');

  const learnSubject = async (type: SealedType): Promise<void> => {
    for (const schema of await registry.versionsOf(type.subject)) {
      const known = readerOf(type, schema);
      if (known !== undefined) readers.set(keyOf(type, known.fingerprint), known.read);
    }
  };

  return {
    learn: async (parts: readonly SealedPart[]): Promise<void> => {
      const missing = new Map<string, SealedType>();
      for (const { type, fingerprint } of parts) {
        if (fingerprint.equals(type.fingerprint) || readers.has(keyOf(type, fingerprint))) continue;
        missing.set(type.subject, type);
      }
      if (missing.size > 0) await Promise.all([...missing.values()].map(learnSubject));
    },
    readerOf: <T>(type: SealedType<T>, fingerprint: Buffer): ((bytes: Buffer) => T) => {
      if (fingerprint.equals(type.fingerprint)) return (bytes) => type.codec.fromBuffer(bytes);
      const reader = readers.get(keyOf(type, fingerprint));
      if (reader === undefined) {
        const place = `${type.subject} with fingerprint ${fingerprint.toString('hex')}`;
        throw new SamspillError('SCHEMA_UNKNOWN', { place });
      }
      return reader as (bytes: Buffer) => T;
    },
  };
}

/** Undefined for a version that ours cannot read: only what it wrote is unknown. */
function readerOf(type: SealedType, schema: AvroSchema) {
  try {
    const writer = avroType(schema);
    return { fingerprint: fingerprintOf(writer), read: type.codec.readerOf(writer) };
  } catch {
    return undefined;
  }
}
