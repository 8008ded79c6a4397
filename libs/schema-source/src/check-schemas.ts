import { checkChange, checkUncovered } from './check-change.ts';
import { checkExample } from './check-examples.ts';
import { checkForm } from './check-form.ts';
import { checkCompatibility } from './compatibility.ts';
import type { AvroObject } from './inline-schema.ts';
import type { SchemaProblem } from './schema-problem.ts';
import type { SchemaSource, SourceProduct, SourceRecord } from './schema-source.ts';

/** Everything that stands against releasing `now` where `before` is in use; empty when nothing does. */
export const checkSchemas = ({
  now,
  before,
}: {
  readonly now: SchemaSource;
  readonly before: SchemaSource;
}): SchemaProblem[] =>
  unique([
    ...now.products.flatMap(checkForm),
    ...now.products.flatMap(({ events }) => events.flatMap(checkExample)),
    ...checkChange(now, before),
  ]);

/**
 * The same against every version that a registry holds: another branch may have released one that no commit of ours
 * has, and a field that was sealed in any version stays sealed.
 * @param versionsOf the released versions of a subject, oldest first; empty when it is new
 */
export async function checkReleased(
  now: SchemaSource,
  versionsOf: (subject: string) => Promise<readonly AvroObject[]>,
): Promise<SchemaProblem[]> {
  const checks = now.products.map(async (product) => {
    const released = await Promise.all(
      recordsOf(product).map(async (record) => ({
        ...record,
        versions: await versionsOf(record.subject),
      })),
    );
    const written = (isSealed: boolean): AvroObject[] =>
      released.flatMap((record) => (record.isSealed === isSealed ? record.versions : []));
    return [
      ...released.flatMap(({ subject, schema, versions }) =>
        versions.flatMap((version) => checkCompatibility(subject, version, schema)),
      ),
      ...checkUncovered(product, { sealed: written(true), clear: written(false) }),
    ];
  });
  return unique((await Promise.all(checks)).flat());
}

/** A record that gets a subject of its own (TopicRecordNameStrategy). */
export interface SubjectRecord extends SourceRecord {
  readonly subject: string;
  readonly isSealed: boolean;
}

/** Every record with a subject, each once. */
export const subjectsOf = ({ products }: SchemaSource): SubjectRecord[] =>
  products.flatMap(recordsOf);

function recordsOf({ topic, events }: SourceProduct): SubjectRecord[] {
  const named = (record: SourceRecord, isSealed: boolean): SubjectRecord => {
    const { fullName, schema, file } = record;
    return { fullName, schema, file, isSealed, subject: `${topic}-${fullName}` };
  };
  const records = events.flatMap((event) => [
    named(event, false),
    ...(event.seals ? [named(event.seals, true)] : []),
  ]);
  return [...new Map(records.map((record) => [record.subject, record])).values()];
}

const unique = (problems: readonly SchemaProblem[]): SchemaProblem[] => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
];
