import { createHash } from 'node:crypto';

/** Something that was written: a log file, a topic's segment, a table as text, a metrics page. */
export interface Written {
  readonly place: string;
  readonly bytes: Buffer;
}

export interface Leak {
  readonly place: string;
  /** How the secret stood there: plain, base64, hex, sha256 (hex), ... Never the secret itself. */
  readonly form: string;
}

/** Looks for each secret in all that was written, also encoded or plainly hashed. */
export function findLeaks(secrets: readonly string[], written: Iterable<Written>): Leak[] {
  const needles = secrets.flatMap(formsOf);
  const leaks: Leak[] = [];
  for (const { place, bytes } of written) {
    for (const { form, needle } of needles) {
      if (bytes.includes(needle)) leaks.push({ place, form });
    }
  }
  return leaks;
}

interface Form {
  readonly form: string;
  readonly needle: string | Buffer;
}

function formsOf(secret: string): Form[] {
  const hash = (algorithm: string, text: string): Buffer =>
    createHash(algorithm).update(text).digest();
  // A national number is hashed with and without the prefix that our own HMAC input has.
  const digests = [secret, `no:${secret}`].flatMap((text) =>
    ['sha1', 'sha256'].flatMap((algorithm) => {
      const digest = hash(algorithm, text);
      return [
        { form: `${algorithm} bytes`, needle: digest },
        { form: `${algorithm} hex`, needle: digest.toString('hex') },
        { form: `${algorithm} hex, upper case`, needle: digest.toString('hex').toUpperCase() },
        { form: `${algorithm} base64`, needle: digest.toString('base64').replace(/=+$/, '') },
        { form: `${algorithm} base64url`, needle: digest.toString('base64url') },
      ];
    }),
  );
  const hex = Buffer.from(secret).toString('hex');
  return [
    { form: 'plain', needle: secret },
    { form: 'UTF-16', needle: Buffer.from(secret, 'utf16le') },
    { form: 'hex', needle: hex },
    { form: 'hex, upper case', needle: hex.toUpperCase() },
    ...base64Forms(secret),
    ...digests,
  ];
}

/** Inside a longer text base64 shows a secret in one of three ways; the middle of each is fixed. */
const base64Forms = (secret: string): Form[] =>
  [0, 1, 2].map((lead) => {
    const whole = Buffer.from('\0'.repeat(lead) + secret)
      .toString('base64')
      .replace(/=+$/, '');
    const skip = lead === 0 ? 0 : lead + 1;
    const end = (lead + secret.length) % 3 === 0 ? whole.length : whole.length - 1;
    return { form: 'base64', needle: whole.slice(skip, end) };
  });
