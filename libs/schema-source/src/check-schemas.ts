import { checkChange } from './check-change.ts';
import { checkExample } from './check-examples.ts';
import { checkForm } from './check-form.ts';
import { checkCompatibility } from './compatibility.ts';
import type { AvroObject } from './inline-schema.ts';
import type { SchemaProblem } from './schema-problem.ts';
import type { SchemaSource, SourceRecord } from './schema-source.ts';

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
 * has.
 * @param versionsOf the released versions of a subject, oldest first; empty when it is new
 */
export async function checkReleased(
  now: SchemaSource,
  versionsOf: (subject: string) => Promise<readonly AvroObject[]>,
): Promise<SchemaProblem[]> {
  const checks = subjectsOf(now).map(async ({ subject, schema }) =>
    (await versionsOf(subject)).flatMap((version) => checkCompatibility(subject, version, schema)),
  );
  return unique((await Promise.all(checks)).flat());
}

/** Every record that gets a subject of its own, each once (TopicRecordNameStrategy). */
export function subjectsOf({ products }: SchemaSource): (SourceRecord & { subject: string })[] {
  const records = products.flatMap(({ topic, events }) =>
    events
      .flatMap((event) => (event.seals ? [event, event.seals] : [event]))
      .map((record) => ({ ...record, subject: `${topic}-${record.fullName}` })),
  );
  return [...new Map(records.map((record) => [record.subject, record])).values()];
}

const unique = (problems: readonly SchemaProblem[]): SchemaProblem[] => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
];
