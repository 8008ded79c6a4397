import type { IHeaders, KafkaMessage } from 'kafkajs';
import { ByteCursor } from './byte-cursor.ts';

/** What the messages of a batch have in common. */
export interface MessageBatch {
  readonly baseOffset: number;
  readonly baseTimeMs: number;
  /** Where the broker sets the time. */
  readonly appendedAtMs: number | undefined;
  readonly isControl: boolean;
  readonly inTransaction: boolean;
  readonly producerId: string;
}

/** Calls with a header's name and value by where they begin and end; a value that ends before it begins is null. */
type EachHeader = (nameAt: number, nameEnd: number, at: number, end: number) => void;

/**
 * A fetched message that points into the bytes of its batch, and makes what kafkajs promises of a message when it is
 * asked for.
 */
export class MessageInPlace implements Omit<KafkaMessage, 'size'> {
  readonly attributes = 0;

  constructor(
    readonly bytes: Buffer,
    readonly batchContext: MessageBatch,
    private readonly offsetDelta: number,
    private readonly timeDelta: number,
    private readonly keyAt: number,
    private readonly keySize: number,
    private readonly valueAt: number,
    private readonly valueSize: number,
    private readonly headersAt: number,
  ) {}

  get offsetNumber(): number {
    return this.batchContext.baseOffset + this.offsetDelta;
  }

  get offset(): string {
    return String(this.offsetNumber);
  }

  get timestampMs(): number {
    const { appendedAtMs, baseTimeMs } = this.batchContext;
    return appendedAtMs ?? baseTimeMs + this.timeDelta;
  }

  get timestamp(): string {
    return String(this.timestampMs);
  }

  get isControlRecord(): boolean {
    return this.batchContext.isControl;
  }

  get key(): Buffer | null {
    return part(this.bytes, this.keyAt, this.keySize);
  }

  get keyText(): string | undefined {
    const { bytes, keyAt, keySize } = this;
    return keySize < 0 ? undefined : bytes.toString('utf8', keyAt, keyAt + keySize);
  }

  get value(): Buffer | null {
    return part(this.bytes, this.valueAt, this.valueSize);
  }

  get headers(): IHeaders {
    const headers: IHeaders = {};
    this.eachHeader((nameAt, nameEnd, at, end) => {
      const name = this.bytes.toString('utf8', nameAt, nameEnd);
      const value = this.bytes.subarray(at, end);
      const before = headers[name];
      headers[name] = before === undefined ? value : [before, value].flat();
    });
    return headers;
  }

  eachHeader(call: EachHeader): void {
    const cursor = new ByteCursor(this.bytes, this.headersAt);
    for (let left = cursor.varint(); left > 0; left -= 1) {
      const nameSize = cursor.varint();
      const nameAt = cursor.pass(nameSize);
      const size = cursor.varint();
      const at = cursor.pass(size);
      call(nameAt, nameAt + nameSize, at, at + size);
    }
  }
}

const part = (bytes: Buffer, at: number, size: number): Buffer | null =>
  size < 0 ? null : bytes.subarray(at, at + size);
