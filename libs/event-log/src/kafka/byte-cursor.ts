/** Reads what Kafka writes: integers are big-endian, those of variable length are zigzag and base 128. */
export class ByteCursor {
  constructor(
    readonly bytes: Buffer,
    public at = 0,
  ) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  int8(): number {
    return this.bytes.readInt8(this.#step(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.#step(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.#step(4));
  }

  /** Exact up to 2^53, as offsets and times are. */
  int64(): number {
    const at = this.#step(8);
    return this.bytes.readInt32BE(at) * 2 ** 32 + this.bytes.readUInt32BE(at + 4);
  }

  /** All 64 bits: ids of producers are compared and never counted. */
  int64Text(): string {
    return this.bytes.readBigInt64BE(this.#step(8)).toString();
  }

  /** Text after its length as int16; null text comes as an empty one. */
  string(): string {
    const size = Math.max(0, this.int16());
    return this.bytes.toString('utf8', this.at, this.#step(size) + size);
  }

  slice(size: number): Buffer {
    const at = this.#step(size);
    return this.bytes.subarray(at, at + size);
  }

  skip(size: number): void {
    this.#step(size);
  }

  /** Passes a part, none where its size is negative, and answers where it begins. Whoever calls looks at the end. */
  pass(size: number): number {
    const { at } = this;
    if (size > 0) this.at += size;
    return at;
  }

  /** An integer of variable length, up to 2^53. Past the end it reads zeros: whoever calls looks at the end. */
  varint(): number {
    const { bytes } = this;
    let byte = bytes[this.at++] ?? 0;
    let value = byte & 0x7f;
    for (let scale = 128; byte >= 128; scale *= 128) {
      byte = bytes[this.at++] ?? 0;
      value += (byte & 0x7f) * scale;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Throws RangeError past the end. */
  #step(size: number): number {
    const { at } = this;
    if (size < 0 || size > this.left) throw new RangeError('a part longer than what holds it');
    this.at += size;
    return at;
  }
}
