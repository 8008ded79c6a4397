import { avroType, type AvroSchema, type EventType, type SealedType } from '@samspill/contracts';
import { SamspillError } from '@samspill/kernel';
import avsc from 'avsc';
import { headerLength, requiredSchemaIdOf, schemaIdOf } from './frame-header.ts';
import type { SchemaRegistry } from './schema-registry.ts';
import type { SealedPart } from './sealed-schemas.ts';

/** What a value holds: one of our events, or the full name of a type that is not ours (*ignored*). */
export type ReadValue = { event: EventType; value: unknown } | { unknown: string };

interface Writer {
  read(body: Buffer): ReadValue;
  sealedPartOf(body: Buffer): SealedPart | undefined;
}

/** Readers of what other versions of our events, and other types altogether, wrote; one per schema id. */
export function writerSchemas(registry: SchemaRegistry, events: ReadonlyMap<string, EventType>) {
  const writers = new Map<number, Writer>();

  const learnOne = async (id: number): Promise<void> => {
    const schema = await registry.schemaOf(id);
    const writer = schema === undefined ? undefined : readableWriter(schema, events);
    if (writer !== undefined) writers.set(id, writer);
  };
  const known = (value: Buffer): Writer => {
    const id = requiredSchemaIdOf(value);
    const writer = writers.get(id);
    if (writer === undefined)
      throw new SamspillError('SCHEMA_UNKNOWN', { place: `schema id ${id}` });
    return writer;
  };

  return {
    learn: async (values: readonly Buffer[]): Promise<void> => {
      const ids = new Set<number>();
      for (const value of values) {
        const id = schemaIdOf(value);
        if (id !== undefined && !writers.has(id)) ids.add(id);
      }
      if (ids.size > 0) await Promise.all([...ids].map(learnOne));
    },
    read: (value: Buffer): ReadValue => known(value).read(value.subarray(headerLength)),
    /** Undefined also where the value cannot be read: `read` says why. */
    sealedPartOf: (value: Buffer): SealedPart | undefined => {
      const id = schemaIdOf(value);
      const writer = id === undefined ? undefined : writers.get(id);
      return writer?.sealedPartOf(value.subarray(headerLength));
    },
  };
}

/** Undefined for a schema that is none or of our name and not readable in ours: its records are the fault, not the batch. */
function readableWriter(
  schema: AvroSchema,
  events: ReadonlyMap<string, EventType>,
): Writer | undefined {
  try {
    return writerOf(avroType(schema), events);
  } catch {
    return undefined;
  }
}

function writerOf(writer: avsc.Type, events: ReadonlyMap<string, EventType>): Writer {
  const name = writer.name ?? '';
  const event = events.get(name);
  if (event === undefined) {
    return { read: () => ({ unknown: name }), sealedPartOf: () => undefined };
  }
  const read = event.codec.readerOf(writer);
  return {
    read: (body) => {
      try {
        return { event, value: read(body) };
      } catch (cause) {
        throw new SamspillError('RECORD_UNREADABLE', { place: name, cause });
      }
    },
    sealedPartOf: event.sealed ? fingerprintReader(event, event.sealed, writer) : () => undefined,
  };
}

/**
 * Reads the fingerprint alone and skips the rest: the schema of a sealed part must be fetched before the record is
 * opened, and a whole decode just for that would double the cost of reading.
 */
function fingerprintReader(event: EventType, type: SealedType, writer: avsc.Type) {
  const sealed = fieldOf(event.codec.type, 'sealed');
  const reader = avsc.Type.forSchema({
    type: 'record',
    name: event.fullName,
    fields: [
      {
        name: 'sealed',
        type: {
          type: 'record',
          name: sealed.name ?? '',
          fields: [{ name: 'innerFingerprint', type: fieldOf(sealed, 'innerFingerprint') }],
        },
      },
    ],
  });
  const resolver = reader.createResolver(writer);
  return (body: Buffer): SealedPart | undefined => {
    try {
      const { sealed: part } = reader.fromBuffer(body, resolver) as {
        sealed: { innerFingerprint: Buffer };
      };
      return { type, fingerprint: part.innerFingerprint };
    } catch {
      return undefined;
    }
  };
}

function fieldOf(type: avsc.Type, name: string): avsc.Type {
  if (!(type instanceof avsc.types.RecordType)) throw new TypeError(`${name}: not in a record`);
  return type.field(name).type;
}
