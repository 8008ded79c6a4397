import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { httpSchemaRegistry } from '@samspill/schema-registry';
import {
  checkReleased,
  checkSchemas,
  readSchemaSource,
  schemaFilesAt,
  schemaFilesIn,
  SchemaSourceError,
  subjectsOf,
  type AvroObject,
  type SchemaProblem,
  type SchemaSource,
} from '@samspill/schema-source';
import { CommandFailure, type CommandProblem } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';

/** As the end of a command. */
export const commandProblem = ({ place, field, rule, mend }: SchemaProblem): CommandProblem => ({
  code: 'SCHEMA_REFUSED',
  place: field === undefined ? place : `${place}, field ${field}`,
  rule,
  mend,
});

export interface CheckedSchemas {
  readonly source: SchemaSource;
  readonly problems: readonly SchemaProblem[];
  /** `2 products with 9 records, against commit HEAD and http://…` */
  readonly what: string;
}

/**
 * Holds `schemas/` against the rules, a commit and every version that a registry holds.
 * @param root checkout
 * @param registryUrl undefined: no registry is asked
 */
export async function checkEverything(
  root: string,
  base: string,
  registryUrl: string | undefined,
): Promise<CheckedSchemas> {
  const now = readSchemaSource(schemaFilesIn(root));
  if (now.products.length === 0) {
    throw new CommandFailure(exitCodes.usage, {
      place: join(root, 'schemas'),
      rule: 'it holds data products',
      mend: 'name a checkout by --root',
    });
  }
  const against = isCommit(root, base) ? `commit ${base}` : `no commit: there is no ${base}`;
  const problems = checkSchemas({ now, before: sourceAt(root, base) });
  const registry = registryUrl === undefined ? undefined : httpSchemaRegistry(registryUrl);
  const released = registry
    ? await checkReleased(now, (subject) => registry.versionsOf(subject) as Promise<AvroObject[]>)
    : [];
  const what = [
    `${now.products.length} products with ${subjectsOf(now).length} records, against ${against}`,
    ...(registryUrl === undefined ? [] : [registryUrl]),
  ].join(' and ');
  return { source: now, problems: [...problems, ...released], what };
}

/** False where the history does not go back to what HEAD~1 and its like name. A name that git does not know is refused. */
function isCommit(root: string, base: string): boolean {
  try {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${base}^{commit}`];
    execFileSync('git', args, { cwd: root, stdio: 'ignore' });
    return true;
  } catch (cause) {
    if (base.startsWith('HEAD')) return false;
    throw new CommandFailure(
      exitCodes.usage,
      {
        place: `--base ${base}`,
        rule: 'it is a commit that this checkout has',
        mend: 'name one that git knows, or fetch it',
      },
      cause,
    );
  }
}

function sourceAt(root: string, base: string): SchemaSource {
  try {
    return readSchemaSource(schemaFilesAt(root, base));
  } catch (error) {
    if (!(error instanceof SchemaSourceError)) throw error;
    throw new CommandFailure(
      exitCodes.refused,
      {
        place: `${base} (${error.message})`,
        rule: 'its schemas can be read',
        mend: 'compare with another commit by --base',
      },
      error,
    );
  }
}
