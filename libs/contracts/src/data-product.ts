import { codec, fingerprintOf, type AvroSchema, type Codec } from './codec.ts';

/** A record type with its name in the registry. */
export interface RecordType<T = unknown> {
  /** Avro full name; `ce_type` of an event. */
  readonly fullName: string;
  /** `<topic>-<full name>` (TopicRecordNameStrategy). */
  readonly subject: string;
  readonly schema: AvroSchema;
  readonly codec: Codec<T>;
}

/** What an event seals. */
export interface SealedType<T = unknown> extends RecordType<T> {
  readonly fingerprint: Buffer;
}

/** An event of a data product: its clear record, and what it seals if it seals anything. */
export interface EventType<Clear = unknown, Content = unknown> extends RecordType<Clear> {
  readonly name: string;
  readonly product: string;
  readonly topic: string;
  readonly sealed: SealedType<Content> | undefined;
}

/** A data product as its consumers know it; generated from `schemas/<domain>/`. */
export interface DataProduct<Events extends Record<string, EventType> = Record<string, EventType>> {
  /** `<domain>.<entity>` */
  readonly name: string;
  readonly domain: string;
  readonly topic: string;
  /** Fixed for the life of the topic: the partition decides a patient's order. */
  readonly partitions: number;
  readonly events: Events;
}

/** One consumer's subscription; generated from `schemas/subscriptions/`. */
export interface ConsumerSubscription {
  readonly consumer: string;
  readonly legalEntity: string;
  readonly purposeOfUse: string;
  readonly products: readonly string[];
  readonly enforcement: 'mesh-guard' | 'external';
}

interface Names {
  readonly product: string;
  readonly topic: string;
}

export function recordType<T>(topic: string, fullName: string, schema: AvroSchema): RecordType<T> {
  return { fullName, subject: `${topic}-${fullName}`, schema, codec: codec<T>(schema) };
}

export function sealedType<T>(topic: string, fullName: string, schema: AvroSchema): SealedType<T> {
  const record = recordType<T>(topic, fullName, schema);
  return { ...record, fingerprint: fingerprintOf(record.codec.type) };
}

export function eventType<Clear, Content = never>(
  { product, topic }: Names,
  fullName: string,
  schema: AvroSchema,
  sealed?: SealedType<Content>,
): EventType<Clear, Content> {
  const name = fullName.slice(fullName.lastIndexOf('.') + 1);
  return { ...recordType<Clear>(topic, fullName, schema), name, product, topic, sealed };
}
