import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  randomBytes,
} from 'node:crypto';
import { SamspillError } from '@samspill/kernel';
import { lengthPrefixed } from '@samspill/privacy';

/** What a wrapped key is for: it unwraps for the same purpose alone. Names and versions, no patient's number. */
export type KeyPurpose = readonly string[];

export interface KeyToWrap {
  readonly key: Buffer;
  readonly purpose: KeyPurpose;
}

export interface KeyToUnwrap {
  readonly wrapped: Buffer;
  readonly purpose: KeyPurpose;
}

/**
 * The key-encryption key. In batches and with promises, so that one outside this process (KMS, HSM) fits behind it.
 * Answers stand in the order given. `unwrap` rejects with KEY_ENCRYPTION_KEY_WRONG.
 */
export interface KeyWrapper {
  wrap(keys: readonly KeyToWrap[]): Promise<Buffer[]>;
  unwrap(keys: readonly KeyToUnwrap[]): Promise<Buffer[]>;
}

const formVersion = 1;
const keyIdBytes = 8;
const ivBytes = 12;
const tagBytes = 16;
const headBytes = 1 + keyIdBytes + ivBytes;

/**
 * Wraps by AES-256-GCM under a key of 32 bytes held in memory:
 *
 *     0x01 | key id, 8 bytes of SHA-256(key) | iv, 12 | ciphertext | tag, 16
 */
export function aesKeyWrapper(keyEncryptionKey: Buffer): KeyWrapper {
  const keyId = createHash('sha256').update(keyEncryptionKey).digest().subarray(0, keyIdBytes);
  const head = Buffer.concat([Buffer.of(formVersion), keyId]);
  // Given as a buffer, a key is made anew for every cipher.
  const cipherKey = createSecretKey(keyEncryptionKey);

  const wrapOne = ({ key, purpose }: KeyToWrap): Buffer => {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', cipherKey, iv);
    cipher.setAAD(lengthPrefixed(purpose));
    return Buffer.concat([head, iv, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  };

  const unwrapOne = ({ wrapped, purpose }: KeyToUnwrap): Buffer => {
    if (!wrapped.subarray(0, head.length).equals(head)) {
      throw new SamspillError('KEY_ENCRYPTION_KEY_WRONG');
    }
    try {
      const iv = wrapped.subarray(head.length, headBytes);
      const decipher = createDecipheriv('aes-256-gcm', cipherKey, iv, {
        authTagLength: tagBytes,
      });
      decipher.setAAD(lengthPrefixed(purpose));
      decipher.setAuthTag(wrapped.subarray(-tagBytes));
      const plain = decipher.update(wrapped.subarray(headBytes, -tagBytes));
      return Buffer.concat([plain, decipher.final()]);
    } catch (cause) {
      throw new SamspillError('KEY_ENCRYPTION_KEY_WRONG', { cause });
    }
  };

  return {
    wrap: (keys) => Promise.resolve(keys.map(wrapOne)),
    // A promise also for what is thrown.
    unwrap: (keys) => Promise.try(() => keys.map(unwrapOne)),
  };
}
