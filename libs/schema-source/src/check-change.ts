import { checkCompatibility } from './compatibility.ts';
import type { AvroObject } from './inline-schema.ts';
import { fieldNamesIn } from './record-fields.ts';
import type { SchemaProblem } from './schema-problem.ts';
import type { SchemaSource, SourceEvent, SourceProduct, SourceRecord } from './schema-source.ts';

/** What a change of `schemas/` must leave as it was, since the log keeps what was written (design D2, D3 and D5). */
export function checkChange(now: SchemaSource, before: SchemaSource): SchemaProblem[] {
  return before.products.flatMap((older) => {
    const newer = now.products.find(({ file }) => file.product === older.file.product);
    if (newer === undefined) return [productRemoved(older)];
    const secrecy = checkSecrecy(newer, older);
    // A new major is a new topic with subjects of its own: nothing reads across.
    return newer.topic === older.topic ? [...secrecy, ...checkSameTopic(newer, older)] : secrecy;
  });
}

const productRemoved = ({ domain, file }: SourceProduct): SchemaProblem => ({
  place: `${domain}/data-product.yaml`,
  field: undefined,
  rule: `a product stays, since its log does (${file.product})`,
  mend: 'put its folder back',
});

function checkSameTopic(now: SourceProduct, before: SourceProduct): SchemaProblem[] {
  const place = `${now.domain}/data-product.yaml`;
  const problems: SchemaProblem[] = [];
  if (now.file.topic.partitions !== before.file.topic.partitions) {
    problems.push({
      place,
      field: 'topic.partitions',
      rule: `a topic keeps its partitions (${before.file.topic.partitions}), which decide a patient's order`,
      mend: 'put the number back, or raise topic.major',
    });
  }
  for (const event of before.events) {
    const same = now.events.find(({ fullName }) => fullName === event.fullName);
    problems.push(
      ...(same === undefined ? [eventRemoved(place, event)] : checkSameEvent(same, event)),
    );
  }
  return problems;
}

const eventRemoved = (place: string, { name }: SourceEvent): SchemaProblem => ({
  place,
  field: `events.${name}`,
  rule: 'an event stays, since the log holds it and a rebuild reads it',
  mend: 'put it back, or raise topic.major',
});

function checkSameEvent(now: SourceEvent, before: SourceEvent): SchemaProblem[] {
  const clear = checkCompatibility(now.file, before.schema, now.schema);
  if (before.seals === undefined) return clear;
  if (now.seals?.fullName !== before.seals.fullName) {
    return [...clear, sealedRecordChanged(now, before.seals)];
  }
  return [...clear, ...checkCompatibility(now.seals.file, before.seals.schema, now.seals.schema)];
}

const sealedRecordChanged = (
  { file, seals }: SourceEvent,
  before: SourceRecord,
): SchemaProblem => ({
  place: file,
  field: 'sealed',
  rule: `an event keeps the record that it seals (${before.fullName} became ${seals?.fullName ?? 'nothing'})`,
  mend: 'put it back, or raise topic.major',
});

/** What was once sealed never stands in clear, in this major or a later one: the log keeps it for ever. */
function checkSecrecy(now: SourceProduct, before: SourceProduct): SchemaProblem[] {
  const sealed = before.events.flatMap(({ seals }) => (seals ? [seals.schema] : []));
  const clear = before.events.map(({ schema }) => schema);
  const reclassified = now.file.classification.internal
    .filter((name) => before.file.classification.sensitive.includes(name))
    .map((field) => ({
      place: `${now.domain}/data-product.yaml`,
      field,
      rule: 'a sensitive field does not become internal',
      mend: 'put it back under classification.sensitive',
    }));
  return [...checkUncovered(now, { sealed, clear }), ...reclassified];
}

/** What a product wrote so far. */
interface Written {
  readonly sealed: readonly AvroObject[];
  readonly clear: readonly AvroObject[];
}

/** Fields, nested ones too, that stand in the clear now and were written under seal only. */
export function checkUncovered(now: SourceProduct, written: Written): SchemaProblem[] {
  const secret = new Set(written.sealed.flatMap(fieldNamesIn));
  const wasClear = new Set(written.clear.flatMap(fieldNamesIn));
  return now.events.flatMap(({ file, schema }) =>
    [...new Set(fieldNamesIn(schema))]
      .filter((name) => secret.has(name) && !wasClear.has(name))
      .map((field) => ({
        place: file,
        field,
        rule: 'a field that was sealed is not taken out into the clear',
        mend: 'leave it in the sealed record',
      })),
  );
}
