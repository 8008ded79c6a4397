import { avroType, type AvroSchema, type Codec, type RecordType } from '@samspill/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { records, sizeOf, valuesOf } from './avro-values.ts';
import { fuzz, samplesOf } from './fuzz.ts';
import { hostileBytes } from './hostile-bytes.ts';

const encoded = ({ codec }: RecordType): Buffer[] =>
  samplesOf(valuesOf(codec.type), 12).map((value) => codec.toBuffer(value));

/** Bytes of one record and how they are read: by its own schema, or by an older one that skips all but its first field. */
interface Reading {
  readonly name: string;
  readonly bytes: Buffer;
  readonly type: Codec<unknown>['type'];
  readonly read: (bytes: Buffer) => unknown;
}

const firstFieldAlone = ({ codec, schema }: RecordType) => {
  const record = schema as unknown as { fields: AvroSchema[] };
  const type = avroType({ ...record, fields: record.fields.slice(0, 1) } as unknown as AvroSchema);
  const resolver = type.createResolver(codec.type);
  return { type, read: (bytes: Buffer): unknown => type.fromBuffer(bytes, resolver) };
};

const readings: fc.Arbitrary<Reading> = fc.oneof(
  ...records.flatMap((record) => {
    const { fullName: name, codec } = record;
    const own = { type: codec.type, read: (bytes: Buffer) => codec.fromBuffer(bytes) };
    return [own, firstFieldAlone(record)].map((reader) =>
      hostileBytes(encoded(record)).map((bytes) => ({ name, bytes, ...reader })),
    );
  }),
);

describe('Avro', () => {
  it('reads hostile bytes as a value of its schema that is no larger than they are, or refuses them', () => {
    const read = { values: 0, refused: 0 };
    fuzz('Avro', readings, (one) => {
      let value: unknown;
      try {
        value = one.read(one.bytes);
        read.values += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        read.refused += 1;
        return;
      }
      if (!one.type.isValid(value)) throw new Error(`${one.name}: not of its schema`);
      if (sizeOf(value) > one.bytes.length) throw new Error(`${one.name}: larger than its bytes`);
    });
    // Cases that all end alike would try nothing.
    expect(Math.min(read.values, read.refused)).toBeGreaterThan(0);
  });

  it.each(records.map((record) => [record.fullName, record] as const))(
    'gives back what it was given: %s',
    (name, { codec }) =>
      fuzz(
        `${name} there and back`,
        valuesOf(codec.type),
        (value) => expect(codec.fromBuffer(codec.toBuffer(value))).toEqual(value),
        { share: 0.02 },
      ),
  );
});
