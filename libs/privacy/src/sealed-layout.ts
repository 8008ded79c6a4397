import { hash } from 'node:crypto';
import type { Sealed } from '@samspill/contracts';

/**
 * Sealing (design D5). A record ends with its `sealed` field and that ends with the ciphertext and its tag:
 *
 *     0x00, schema id | clear part | alg, key version, fingerprint, iv, length | ciphertext | tag
 *       5 bytes         hashed into the AAD                                                   16 bytes
 *
 * The form of the `sealed` field never changes; another cipher gets another `alg` in the same form.
 */

export const alg = 'A256GCM';
const prefixBytes = 5;
export const ivBytes = 12;
export const tagBytes = 16;
const hashBytes = 32;

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
  const { id, topic, key, type, keyVersion, innerFingerprint, clearPart } = context;
  const texts = id.length + topic.length + key.length + type.length;
  // In one piece and by hand, since it is made for each event: 0.7 us, against 1.3 by way of `lengthPrefixed`.
  const data = Buffer.allocUnsafe(4 * 8 + 3 * texts + innerFingerprint.length + hashBytes);
  let at = writeText(data, id, 0);
  at = writeText(data, topic, at);
  at = writeText(data, key, at);
  at = writeText(data, type, at);
  at = data.writeInt32BE(keyVersion, data.writeUInt32BE(4, at));
  at = data.writeUInt32BE(innerFingerprint.length, at);
  data.set(innerFingerprint, at);
  at = data.writeUInt32BE(hashBytes, at + innerFingerprint.length);
  // As a text of one byte a character it costs less than as a buffer of its own.
  at += data.write(hash('sha256', clearPart, 'binary'), at, 'binary');
  return data.subarray(0, at);
}

/** UTF-8 after its length; answers where it ends. */
function writeText(into: Buffer, text: string, at: number): number {
  const size = into.write(text, at + 4);
  into.writeUInt32BE(size, at);
  return at + 4 + size;
}

const zigzagBytes = (value: number): number => {
  let rest = value * 2;
  let bytes = 1;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes += 1;
  return bytes;
};

/**
 * The clear part of a framed value. The size of the `sealed` field is counted from what was read, so a writer that
 * spelt a number longer than needed fails the check of the tag.
 */
export const clearPartOf = (value: Buffer, sealed: Sealed): Buffer => {
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
