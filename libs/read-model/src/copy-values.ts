import { CopyBytes } from './copy-bytes.ts';
import { jsonText, type ColumnType, type ColumnValue } from './table.ts';

type Write = (into: CopyBytes, value: never) => void;

/** 2000-01-01, from which PostgreSQL counts days and microseconds, in milliseconds since 1970. */
const epochMs = Date.UTC(2000, 0, 1);
const dayMs = 86_400_000;
const textOid = 25;
const jsonbVersion = 1;

/**
 * How a value of each type travels in PostgreSQL's binary form, after its length in bytes. Throws RangeError for a value that
 * is none of the type, or that PostgreSQL alone should read.
 */
const writers: Record<ColumnType, Write> = {
  text: (into, value: string) => into.text(value),
  uuid: (into, value: string) => {
    into.int32(16);
    into.uuid(value);
  },
  boolean: (into, value: boolean) => {
    into.int32(1);
    into.int8(value ? 1 : 0);
  },
  smallint: (into, value: number) => {
    into.int32(2);
    into.int16(whole(value));
  },
  integer: (into, value: number) => {
    into.int32(4);
    into.int32(whole(value));
  },
  bigint: (into, value: number) => {
    into.int32(8);
    into.int64(whole(value));
  },
  'double precision': (into, value: number) => {
    into.int32(8);
    into.float64(value);
  },
  numeric: (into, value: string | number) => writeNumeric(into, String(value)),
  date: (into, value: string) => {
    const days = (Date.parse(dateForm.test(value) ? value : '') - epochMs) / dayMs;
    into.int32(4);
    into.int32(whole(days));
  },
  timestamptz: (into, value: number | string | Date) => {
    // A text may say more than milliseconds.
    const ms = whole(typeof value === 'string' ? NaN : Number(value)) - epochMs;
    into.int32(8);
    // From the year 2285 on a double cannot count microseconds.
    into.int64(Number.isSafeInteger(ms * 1000) ? ms * 1000 : BigInt(ms) * 1000n);
  },
  json: (into, value: ColumnValue) => into.text(jsonText(value)),
  jsonb: (into, value: ColumnValue) => into.text(jsonText(value), jsonbVersion),
  'text[]': (into, value: readonly string[]) => writeTexts(into, value),
};

/** Writes a field of a row; null has the length -1. */
export function writeValue(into: CopyBytes, type: ColumnType, value: ColumnValue): void {
  if (value === null) into.int32(-1);
  else writers[type](into, value as never);
}

const dateForm = /^\d{4}-\d\d-\d\d$/;

function whole(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw new RangeError('not a whole number');
}

const decimalForm = /^([+-]?)(\d*)\.?(\d*)$/;

/** Digits in groups of four; the weight says which power of 10,000 the first one has. */
function writeNumeric(into: CopyBytes, text: string): void {
  const [, sign, whole = '', fraction = ''] = decimalForm.exec(text) ?? [];
  if (whole === '' && fraction === '') throw new RangeError('not a plain decimal');
  const before = whole.padStart(Math.ceil(whole.length / 4) * 4, '0');
  const after = fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0');
  const groups = (before + after).match(/.{4}/g)?.map(Number) ?? [];
  const first = groups.findIndex((group) => group !== 0);
  const last = groups.findLastIndex((group) => group !== 0);
  const digits = first === -1 ? [] : groups.slice(first, last + 1);
  into.int32(8 + digits.length * 2);
  into.int16(digits.length);
  into.int16(digits.length === 0 ? 0 : before.length / 4 - 1 - first);
  into.int16(sign === '-' && digits.length > 0 ? 0x4000 : 0);
  into.int16(fraction.length);
  for (const digit of digits) into.int16(digit);
}

/** One dimension that begins at 1; an empty array has none. */
function writeTexts(into: CopyBytes, texts: readonly string[]): void {
  const items = new CopyBytes(64);
  for (const text of texts) items.text(text);
  const bytes = items.written();
  const isEmpty = texts.length === 0;
  into.int32(isEmpty ? 12 : 20 + bytes.length);
  into.int32(isEmpty ? 0 : 1);
  into.int32(0);
  into.int32(textOid);
  if (isEmpty) return;
  into.int32(texts.length);
  into.int32(1);
  into.raw(bytes);
}
