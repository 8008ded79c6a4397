import { describe, expect, it } from 'vitest';
import { avroType, codec, type AvroSchema } from './codec.ts';

const record = (...fields: { name: string; type: AvroSchema }[]): AvroSchema => ({
  type: 'record',
  name: 'Record',
  fields,
});
const lastText = { name: 'last', type: 'string' };
const texts = record({ name: 'texts', type: { type: 'array', items: 'string' } }, lastText);
const byName = record({ name: 'texts', type: { type: 'map', values: 'string' } }, lastText);
/** What an older reader has of these two: it skips the list. */
const last = record(lastText);
const numbered = record({ name: 'number', type: 'int' });

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

/** Bytes of the heap that a call leaves behind before anything is cleaned up. */
function allocatedBy(call: () => unknown): number {
  const before = process.memoryUsage().heapUsed;
  expect(call).toThrow();
  return process.memoryUsage().heapUsed - before;
}

describe('a count or length that the bytes cannot hold', () => {
  it.each([
    ['2^27 items', '808080800174'],
    ['2^31 - 1 items', 'feffffff0f74'],
    ['2^40 items', '80808080804074'],
    ['more items than a double holds', `${'ff'.repeat(200)}7f74`],
    ['2^40 items in a second block', '0202618080808080402674'],
    ['a block of 2^40 items that gives its bytes', 'ffffffffff3f0274'],
    ['one item more than there are bytes', '060261'],
  ])('is refused before anything is allocated for it: %s', (_, hex) => {
    expect(allocatedBy(() => codec(texts).fromBuffer(bytes(hex)))).toBeLessThan(1_000_000);
    expect(allocatedBy(() => codec(byName).fromBuffer(bytes(hex)))).toBeLessThan(1_000_000);
  });

  it.each([
    ['2^40 items', '80808080804074'],
    ['a block that leads backwards', '010300'],
    ['a block of NaN bytes', `01${'80'.repeat(200)}0074`],
    ['NaN items', `${'80'.repeat(200)}0074`],
    ['more items than a double holds', `${'ff'.repeat(200)}7f74`],
  ])('is refused by a reader that skips the list: %s', (_, hex) => {
    expect(() => codec(last).readerOf(avroType(texts))(bytes(hex))).toThrow();
    expect(() => codec(last).readerOf(avroType(byName))(bytes(hex))).toThrow();
  });

  it('is refused for a text of 2^40 bytes', () => {
    expect(allocatedBy(() => codec(texts).fromBuffer(bytes('008080808080400261')))).toBeLessThan(
      1_000_000,
    );
  });

  it.each(['8080808010', 'ffffffffffffff1f', `${'ff'.repeat(200)}7f`])(
    'is refused for an int of more than 32 bits: %s',
    (hex) => expect(() => codec(numbered).fromBuffer(bytes(hex))).toThrow(/32 bits/),
  );
});

it('bytes of NaN length are refused, and what is read later is unharmed', () => {
  const sealed = codec<{ mark: Buffer; bytes: Buffer }>(
    record(
      { name: 'mark', type: { type: 'fixed', name: 'Mark', size: 2 } },
      { name: 'bytes', type: 'bytes' },
    ),
  );
  // avsc cut every later value of the process out of its pool at NaN: they all came back empty.
  expect(() => sealed.fromBuffer(bytes(`6162${'80'.repeat(200)}00`))).toThrow();
  const sent = { mark: bytes('6162'), bytes: bytes('636465') };
  expect(sealed.fromBuffer(sealed.toBuffer(sent))).toEqual(sent);
});

describe('a long', () => {
  const longs = codec<{ number: number }>(record({ name: 'number', type: 'long' }));

  it.each([0, -1, 2 ** 31, -(2 ** 31) - 1, 2 ** 52, -(2 ** 52)])(
    'comes back as it was: %d',
    (number) => expect(longs.fromBuffer(longs.toBuffer({ number }))).toEqual({ number }),
  );

  // -9007199254740987 came back as 9007199254740986.
  it.each([2 ** 52 + 1, -9_007_199_254_740_987, Number.NaN, 1.5])(
    'is not written where it would come back as another: %d',
    (number) => {
      expect(longs.type.isValid({ number })).toBe(false);
      expect(() => longs.toBuffer({ number })).toThrow(/2\^52/);
    },
  );

  it.each(['feffffffffffff1f', 'ffffffffffffffffff01', `${'ff'.repeat(200)}7f`])(
    'is not read beyond 2^52: %s',
    (hex) => expect(() => longs.fromBuffer(bytes(hex))).toThrow(/2\^52/),
  );
});

describe('lists that are in order', () => {
  it('are read in one block or several, with and without their size in bytes', () => {
    const read = codec<{ texts: string[]; last: string }>(texts);
    const sent = { texts: ['a', 'b', 'c'], last: 'd' };
    expect(read.fromBuffer(read.toBuffer(sent))).toEqual(sent);
    expect(read.fromBuffer(bytes('0202610402620263000264'))).toEqual(sent);
    expect(read.fromBuffer(bytes('01040261030802620263000264'))).toEqual(sent);
  });

  it('are skipped in both forms', () => {
    const read = codec<{ last: string }>(last).readerOf(avroType(texts));
    expect(read(bytes('0202610402620263000264'))).toEqual({ last: 'd' });
    expect(read(bytes('01040261030802620263000264'))).toEqual({ last: 'd' });
  });

  it('are maps too, whatever the names', () => {
    const read = codec<{ texts: object }>(byName);
    const { texts } = read.fromBuffer(bytes('0402610262125f5f70726f746f5f5f0263000264'));
    expect(Object.entries(texts)).toEqual([
      ['a', 'b'],
      ['__proto__', 'c'],
    ]);
  });
});
