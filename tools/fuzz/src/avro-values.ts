import { dataProducts, type RecordType } from '@samspill/contracts';
import avsc from 'avsc';
import fc from 'fast-check';

/** Every record of every data product, clear and sealed. */
export const records: readonly RecordType[] = dataProducts.flatMap(({ events }) =>
  Object.values(events).flatMap((event) => (event.sealed ? [event, event.sealed] : [event])),
);

const { types } = avsc;

/** Values that a type takes, as our codecs give them back. */
export function valuesOf(type: avsc.Type): fc.Arbitrary<unknown> {
  if (type instanceof types.RecordType) {
    const fields = type.fields.map(({ name, type: of }) => [name, valuesOf(of)] as const);
    return fc.record(Object.fromEntries(fields));
  }
  if (type instanceof types.ArrayType) return fc.array(valuesOf(type.itemsType), { maxLength: 2 });
  if (type instanceof types.UnwrappedUnionType) return fc.oneof(...type.types.map(valuesOf));
  if (type instanceof types.FixedType) {
    return fc.uint8Array({ minLength: type.size, maxLength: type.size }).map(asBuffer);
  }
  const primitive = primitives[type.typeName];
  if (primitive === undefined) throw new TypeError(`no values for ${type.typeName}`);
  return primitive;
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes);
const primitives: Partial<Record<string, fc.Arbitrary<unknown>>> = {
  null: fc.constant(null),
  boolean: fc.boolean(),
  int: fc.integer(),
  long: fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
  string: fc.string({ unit: 'binary', maxLength: 12 }),
  bytes: fc.uint8Array({ maxLength: 40 }).map(asBuffer),
};

/** What a value takes up: characters, bytes and items. It may not exceed the bytes that it was read from. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value.length;
  if (Array.isArray(value))
    return value.reduce((sum: number, item) => sum + sizeOf(item), value.length);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, field) => sum + sizeOf(field), 0);
}
