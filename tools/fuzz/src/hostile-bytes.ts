import fc from 'fast-check';

/** One thing that is done to bytes. `at` and `size` are taken modulo what is there. */
interface Damage {
  readonly kind: (typeof kinds)[number];
  readonly at: number;
  readonly size: number;
  readonly value: number;
}

const kinds = [
  'flip a bit',
  'cut the end',
  'drop a part',
  'repeat a part',
  'blow up a number',
  'insert bytes',
  'fill with one byte',
  'another schema id',
] as const;

/** Avro numbers (zigzag, 7 bits a byte) that no length or count should have. */
const hostileNumbers = [
  '01', // -1
  '03', // -2
  'ff01', // -128
  '808001',
  'feffffff0f', // 2^31 - 1
  'ffffffff0f', // -2^31
  '808080808040', // 2^40
  'feffffffffffff1f', // 2^53 - 1
  'feffffffffffffffff01', // 2^63 - 1
  'ffffffffffffffffff01', // -2^63
  `${'ff'.repeat(200)}7f`, // Infinity to avsc
  `${'80'.repeat(200)}00`, // NaN to avsc
  '0103', // a block of one item and -2 bytes
  '01ffffffff0f',
].map((hex) => Buffer.from(hex, 'hex'));

const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom(...kinds),
  at: fc.nat(0xffff),
  size: fc.nat(64),
  value: fc.nat(0xffffffff),
});

function apply(bytes: Buffer, { kind, at: place, size, value }: Damage): Buffer {
  const at = place % (bytes.length + 1);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (kind) {
    case 'flip a bit': {
      const changed = Buffer.from(bytes);
      if (at < changed.length) changed[at] = (changed[at] ?? 0) ^ (1 << (value % 8));
      return changed;
    }
    case 'cut the end':
      return before;
    case 'drop a part':
      return Buffer.concat([before, after.subarray(size)]);
    case 'repeat a part':
      return Buffer.concat([before, after.subarray(0, size), after]);
    case 'blow up a number': {
      const number = hostileNumbers[value % hostileNumbers.length] ?? before;
      return Buffer.concat([before, number, after.subarray(1)]);
    }
    case 'insert bytes': {
      const inserted = Buffer.alloc(4);
      inserted.writeUInt32BE(value);
      return Buffer.concat([before, inserted.subarray(0, 1 + (size % 4)), after]);
    }
    case 'fill with one byte':
      return Buffer.concat([
        before,
        Buffer.alloc(Math.min(size, after.length), value % 256),
        after.subarray(size),
      ]);
    case 'another schema id': {
      const changed = Buffer.from(bytes);
      // Most often one that the registry knows.
      if (changed.length >= 5) changed.writeUInt32BE(size < 60 ? size % 12 : value, 1);
      return changed;
    }
  }
}

/** Damaged bytes of these samples, and now and then bytes that never were any. A case shrinks to fewer damages. */
export const hostileBytes = (samples: readonly Buffer[]): fc.Arbitrary<Buffer> =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .tuple(fc.constantFrom(...samples), fc.array(damage, { minLength: 1, maxLength: 4 }))
        .map(([sample, damages]) => damages.reduce(apply, sample)),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)) },
  );
