import avsc from 'avsc';
import type { AvroObject } from './inline-schema.ts';
import type { SchemaProblem } from './schema-problem.ts';

/** Why a reader's type cannot read what a writer's type wrote, at one field. */
interface Mismatch {
  readonly field: string;
  readonly why: 'missing' | 'changed';
  readonly reader: string;
  readonly writer: string;
}

/**
 * Whether two versions of a record read each other (FULL compatibility), by the resolvers of avsc; each mismatch is
 * traced to its field, since neither avsc nor the registry names more than the first.
 */
export function checkCompatibility(
  place: string,
  before: AvroObject,
  now: AvroObject,
): SchemaProblem[] {
  const older = avsc.Type.forSchema(before as avsc.Schema);
  const newer = avsc.Type.forSchema(now as avsc.Schema);
  const backward = mismatches(newer, older).map((one) => asReaderOfOld(place, one));
  const forward = mismatches(older, newer).map((one) => asReadByOld(place, one));
  const told = new Set(backward.map(({ field, rule }) => `${field ?? ''} ${rule}`));
  return [...backward, ...forward.filter(({ field, rule }) => !told.has(`${field ?? ''} ${rule}`))];
}

const asReaderOfOld = (place: string, mismatch: Mismatch): SchemaProblem =>
  mismatch.why === 'missing'
    ? {
        place,
        field: mismatch.field,
        rule: 'a new field has a default, since the records of before lack it',
        mend: 'make it optional: a union with null first and "default": null',
      }
    : changed(place, mismatch.field, mismatch.writer, mismatch.reader);

const asReadByOld = (place: string, mismatch: Mismatch): SchemaProblem =>
  mismatch.why === 'missing'
    ? {
        place,
        field: mismatch.field,
        rule: 'a field without default stays, since consumers of before need it',
        mend: 'put it back, or raise topic.major',
      }
    : changed(place, mismatch.field, mismatch.reader, mismatch.writer);

const changed = (place: string, field: string, before: string, now: string): SchemaProblem => ({
  place,
  field,
  rule: `a field keeps its type (${before} became ${now})`,
  mend: 'put it back and add a field beside it, or raise topic.major',
});

function mismatches(
  reader: avsc.Type,
  writer: avsc.Type,
  path: readonly string[] = [],
): Mismatch[] {
  if (canRead(reader, writer)) return [];
  const inside = mismatchesInside(reader, writer, path);
  if (inside.length > 0) return inside;
  const field = path.join('.');
  return [{ field, why: 'changed', reader: describe(reader), writer: describe(writer) }];
}

function mismatchesInside(
  reader: avsc.Type,
  writer: avsc.Type,
  path: readonly string[],
): Mismatch[] {
  const { RecordType, ArrayType, MapType } = avsc.types;
  if (reader instanceof RecordType && writer instanceof RecordType) {
    return reader.name === writer.name ? mismatchesInRecord(reader, writer, path) : [];
  }
  if (reader instanceof ArrayType && writer instanceof ArrayType) {
    return mismatches(reader.itemsType, writer.itemsType, path);
  }
  if (reader instanceof MapType && writer instanceof MapType) {
    return mismatches(reader.valuesType as avsc.Type, writer.valuesType as avsc.Type, path);
  }
  // In an optional field the branch of the same name is the one that a person changed.
  const readers = branchesOf(reader);
  return branchesOf(writer).flatMap((branch) => {
    const same = readers.find((candidate) => branchName(candidate) === branchName(branch));
    return same === undefined || same === reader ? [] : mismatches(same, branch, path);
  });
}

function mismatchesInRecord(
  reader: avsc.types.RecordType,
  writer: avsc.types.RecordType,
  path: readonly string[],
): Mismatch[] {
  const written = new Map(writer.fields.map((field) => [field.name, field.type]));
  return reader.fields.flatMap((field): Mismatch[] => {
    const at = [...path, field.name];
    const type = written.get(field.name);
    if (type !== undefined) return mismatches(field.type, type, at);
    if (field.defaultValue() !== undefined) return [];
    return [
      { field: at.join('.'), why: 'missing', reader: describe(field.type), writer: 'nothing' },
    ];
  });
}

function canRead(reader: avsc.Type, writer: avsc.Type): boolean {
  try {
    reader.createResolver(writer);
    return true;
  } catch {
    return false;
  }
}

const { UnwrappedUnionType, WrappedUnionType } = avsc.types;
const isUnionType = (type: avsc.Type) =>
  type instanceof UnwrappedUnionType || type instanceof WrappedUnionType;

const branchesOf = (type: avsc.Type): readonly avsc.Type[] =>
  isUnionType(type) ? type.types : [type];

const branchName = (type: avsc.Type): string => type.name ?? type.typeName;

const describe = (type: avsc.Type): string => {
  if (isUnionType(type)) return `[${type.types.map(branchName).join(', ')}]`;
  if (type instanceof avsc.types.EnumType) return `enum ${type.symbols.join('|')}`;
  return type instanceof avsc.types.FixedType ? `fixed of ${type.size} bytes` : branchName(type);
};
