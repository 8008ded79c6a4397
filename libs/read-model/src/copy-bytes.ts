/** Bytes in the making, as PostgreSQL takes them: integers are big-endian. */
export class CopyBytes {
  #bytes: Buffer;
  #end = 0;

  constructor(sizeGuess: number) {
    this.#bytes = Buffer.allocUnsafe(sizeGuess);
  }

  /** What was written, without a copy. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  int8(value: number): void {
    this.#reserve(1);
    this.#end = this.#bytes.writeInt8(value, this.#end);
  }

  int16(value: number): void {
    this.#reserve(2);
    this.#end = this.#bytes.writeInt16BE(value, this.#end);
  }

  int32(value: number): void {
    this.#reserve(4);
    this.#end = this.#bytes.writeInt32BE(value, this.#end);
  }

  /** Throws RangeError beyond 64 bits. */
  int64(value: number | bigint): void {
    this.#reserve(8);
    if (typeof value === 'number' && Number.isSafeInteger(value)) {
      const high = Math.floor(value / 2 ** 32);
      this.#bytes.writeInt32BE(high, this.#end);
      this.#end = this.#bytes.writeUInt32BE(value - high * 2 ** 32, this.#end + 4);
    } else {
      this.#end = this.#bytes.writeBigInt64BE(BigInt(value), this.#end);
    }
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#end = this.#bytes.writeDoubleBE(value, this.#end);
  }

  /** UTF-8 after its length as 4 bytes; `before` is one byte more that belongs to it. */
  text(value: string, before?: number): void {
    // UTF-8 takes three bytes a UTF-16 unit at most.
    this.#reserve(5 + value.length * 3);
    const lengthAt = this.#end;
    this.#end += 4;
    if (before !== undefined) this.int8(before);
    this.#end += this.#bytes.write(value, this.#end);
    this.#bytes.writeInt32BE(this.#end - lengthAt - 4, lengthAt);
  }

  /** The 16 bytes of a UUID. Throws RangeError where the text is none. */
  uuid(value: string): void {
    this.#reserve(16);
    let at = 0;
    for (let n = 0; n < 16; n += 1) {
      if (value.charCodeAt(at) === dash) at += 1;
      const byte = hexDigit(value.charCodeAt(at)) * 16 + hexDigit(value.charCodeAt(at + 1));
      this.#bytes[this.#end + n] = byte;
      at += 2;
    }
    if (at !== value.length) throw new RangeError('not a UUID');
    this.#end += 16;
  }

  #reserve(size: number): void {
    const needed = this.#end + size;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = larger;
  }
}

const dash = 0x2d;

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  if (letter >= 0x61 && letter <= 0x66) return letter - 0x57;
  throw new RangeError('not a hexadecimal digit');
}
