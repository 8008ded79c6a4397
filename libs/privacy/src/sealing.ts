import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';
import type { Envelope, EventType, Sealed } from '@samspill/contracts';
import type { LoggedRecord, OutgoingEvent } from '@samspill/event-log';
import { SamspillError, formatPosition, type EventId, type Pseudonym } from '@samspill/kernel';
import type { WireFormat } from '@samspill/schema-registry';
import type { DataKey } from './key-client.ts';
import { lengthPrefixed } from './length-prefixed.ts';

/**
 * Sealing (design D5). A record ends with its `sealed` field and that ends with the ciphertext and its tag:
 *
 *     0x00, schema id | clear part | alg, key version, fingerprint, iv, length | ciphertext | tag
 *       5 bytes         hashed into the AAD                                                   16 bytes
 *
 * The form of the `sealed` field never changes; another cipher gets another `alg` in the same form.
 */

const alg = 'A256GCM';
const prefixBytes = 5;
const ivBytes = 12;
const tagBytes = 16;

interface Enveloped {
  readonly envelope: Envelope;
}

interface SealedRecord extends Enveloped {
  readonly sealed: Sealed;
}

/** A clear record as its publisher gives it: without the field that sealing adds. */
export type ClearPart<Clear extends Enveloped> = Omit<Clear, 'sealed'> & Pick<Clear, 'envelope'>;

/** What an event says in clear, and about whom. */
export interface ClearFacts<Clear extends Enveloped> {
  readonly patient: Pseudonym;
  readonly clear: ClearPart<Clear>;
  readonly traceparent?: string | undefined;
}

/** What an event says in clear and under seal. `key` is the newest data key of (patient, product). */
export interface SealedFacts<Clear extends Enveloped, Content> extends ClearFacts<Clear> {
  readonly content: Content;
  readonly key: DataKey;
}

/** What the ciphertext is bound to. Opening fails when any of these is another one. */
export interface SealContext {
  readonly id: string;
  readonly topic: string;
  /** Record key: the patient's pseudonym. */
  readonly key: string;
  /** `ce_type` */
  readonly type: string;
  readonly keyVersion: number;
  readonly innerFingerprint: Buffer;
  /** Avro bytes of the record before its `sealed` field. */
  readonly clearPart: Buffer;
}

/** The additional authenticated data: the seven parts, each after its length as 4 bytes. */
export function additionalData(context: SealContext): Buffer {
  const keyVersion = Buffer.allocUnsafe(4);
  keyVersion.writeInt32BE(context.keyVersion);
  return lengthPrefixed([
    context.id,
    context.topic,
    context.key,
    context.type,
    keyVersion,
    context.innerFingerprint,
    hash('sha256', context.clearPart, 'buffer'),
  ]);
}

const zigzagBytes = (value: number): number => {
  let rest = value * 2;
  let bytes = 1;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes += 1;
  return bytes;
};

// Counted from what was read: a writer that spelt a number longer than needed fails the check of the tag.
const clearPartOf = (value: Buffer, sealed: Sealed): Buffer => {
  const algBytes = Buffer.byteLength(sealed.alg);
  const sealedBytes =
    zigzagBytes(algBytes) +
    algBytes +
    zigzagBytes(sealed.keyVersion) +
    sealed.innerFingerprint.length +
    sealed.iv.length +
    zigzagBytes(sealed.bytes.length) +
    sealed.bytes.length;
  return value.subarray(prefixBytes, Math.max(prefixBytes, value.length - sealedBytes));
};

const outgoing = <Clear extends Enveloped>(
  event: Pick<EventType, 'topic' | 'fullName' | 'product'>,
  { patient, clear, traceparent }: ClearFacts<Clear>,
  value: Buffer,
): OutgoingEvent => {
  const { eventId, source } = clear.envelope;
  const domain = event.product.slice(0, event.product.indexOf('.'));
  return {
    topic: event.topic,
    key: patient,
    id: eventId as EventId,
    type: event.fullName,
    source: `urn:samspill:${source.orgnrParent}:${domain}`,
    value,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
};

/** An event of a product that seals nothing, ready for the log. */
export const clearEvent = <Clear extends Enveloped>(
  wire: Pick<WireFormat, 'frame'>,
  event: EventType<Clear, never>,
  facts: ClearFacts<Clear> & { readonly clear: Clear },
): OutgoingEvent => outgoing(event, facts, wire.frame(event, facts.clear));

/** An event ready for the log: its content is encrypted by AES-256-GCM under a random 96-bit IV. */
export function sealEvent<Clear extends SealedRecord, Content>(
  wire: Pick<WireFormat, 'frame'>,
  event: EventType<Clear, Content>,
  facts: SealedFacts<Clear, Content>,
): OutgoingEvent {
  if (event.sealed === undefined) throw new TypeError(`${event.fullName} seals nothing`);
  const plain = event.sealed.codec.toBuffer(facts.content);
  const sealed: Sealed = {
    alg,
    keyVersion: facts.key.version,
    innerFingerprint: event.sealed.fingerprint,
    iv: randomBytes(ivBytes),
    // Only its length counts: the ciphertext takes its place below, once the clear part is known in bytes.
    bytes: Buffer.alloc(plain.length + tagBytes),
  };
  const value = wire.frame(event, { ...facts.clear, sealed } as unknown as Clear);
  const sent = outgoing(event, facts, value);
  const cipher = createCipheriv('aes-256-gcm', facts.key.key, sealed.iv);
  cipher.setAAD(
    additionalData({
      ...sent,
      keyVersion: sealed.keyVersion,
      innerFingerprint: sealed.innerFingerprint,
      clearPart: clearPartOf(value, sealed),
    }),
  );
  const at = value.length - sealed.bytes.length;
  value.set(cipher.update(plain), at);
  cipher.final();
  value.set(cipher.getAuthTag(), at + plain.length);
  return sent;
}

/**
 * The content of a sealed event. `clear` is the record's clear record as the wire format read it.
 * Throws SEAL_BROKEN when the record is not just what was sealed under this key, SCHEMA_UNKNOWN when the
 * registry does not hold the schema of the content, RECORD_UNREADABLE when the publisher sealed something else.
 */
export function openSealed<Clear extends SealedRecord, Content>(
  wire: Pick<WireFormat, 'sealedReader'>,
  record: LoggedRecord,
  event: EventType<Clear, Content>,
  { sealed }: SealedRecord,
  key: Buffer,
): Content {
  if (event.sealed === undefined) throw new TypeError(`${event.fullName} seals nothing`);
  const plain = decrypt(record, sealed, key);
  const read = wire.sealedReader(event.sealed, sealed.innerFingerprint);
  try {
    return read(plain);
  } catch (cause) {
    throw new SamspillError('RECORD_UNREADABLE', { place: formatPosition(record), cause });
  }
}

function decrypt(record: LoggedRecord, sealed: Sealed, key: Buffer): Buffer {
  const { id, key: patient, type, topic, value } = record;
  if (
    sealed.alg !== alg ||
    value === null ||
    id === undefined ||
    patient === undefined ||
    type === undefined
  ) {
    throw new SamspillError('SEAL_BROKEN', { place: formatPosition(record) });
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.iv, { authTagLength: tagBytes });
    decipher.setAAD(
      additionalData({
        id,
        topic,
        key: patient,
        type,
        keyVersion: sealed.keyVersion,
        innerFingerprint: sealed.innerFingerprint,
        clearPart: clearPartOf(value, sealed),
      }),
    );
    decipher.setAuthTag(sealed.bytes.subarray(-tagBytes));
    const plain = decipher.update(sealed.bytes.subarray(0, -tagBytes));
    decipher.final();
    return plain;
  } catch (cause) {
    throw new SamspillError('SEAL_BROKEN', { place: formatPosition(record), cause });
  }
}
