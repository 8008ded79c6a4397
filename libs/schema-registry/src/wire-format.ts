import type { DataProduct, RecordType, SealedType } from '@samspill/contracts';
import { framer } from './framer.ts';
import type { SchemaRegistry } from './schema-registry.ts';
import { sealedSchemas } from './sealed-schemas.ts';
import { writerSchemas, type ReadValue } from './writer-schemas.ts';

/** Values of records in Confluent wire format: 0x00, schema id as 4 bytes big-endian, Avro. */
export interface WireFormat {
  /** A record as bytes of its own. Throws EVENT_INVALID or EVENT_TOO_LARGE. */
  frame<T>(record: RecordType<T>, value: T): Buffer;
  /**
   * Fetches what is needed to read these values and is not known yet: writers' schemas, also of sealed parts.
   * Call it once a batch, before `read`. Rejects with SCHEMA_REGISTRY_UNAVAILABLE; the same call may be made again.
   */
  learn(values: readonly Buffer[]): Promise<void>;
  /** Reads a learned value in our version of its schema. Throws RECORD_UNREADABLE or SCHEMA_UNKNOWN. */
  read(value: Buffer): ReadValue;
  /**
   * A reader of a sealed part's plain bytes as the writer's schema of this fingerprint wrote them, in our version.
   * Throws SCHEMA_UNKNOWN.
   */
  sealedReader<T>(type: SealedType<T>, fingerprint: Buffer): (bytes: Buffer) => T;
}

export interface WireFormatParts {
  readonly products: readonly DataProduct[];
  readonly registry: SchemaRegistry;
  /** Schema ids of our records, by full name. */
  readonly ids: ReadonlyMap<string, number>;
}

export function wireFormat({ products, registry, ids }: WireFormatParts): WireFormat {
  const events = new Map(
    products.flatMap((product) =>
      Object.values(product.events).map((event) => [event.fullName, event]),
    ),
  );
  const writers = writerSchemas(registry, events);
  const sealed = sealedSchemas(registry);
  const frame = framer(ids);

  return {
    frame,
    learn: async (values) => {
      await writers.learn(values);
      await sealed.learn(values.map((value) => writers.sealedPartOf(value)).filter(isPresent));
    },
    read: writers.read,
    sealedReader: sealed.readerOf,
  };
}

const isPresent = <T>(value: T | undefined): value is T => value !== undefined;
