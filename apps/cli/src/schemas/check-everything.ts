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
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';

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
  const problems = checkSchemas({ now, before: sourceAt(root, base) });
  const registry = registryUrl === undefined ? undefined : httpSchemaRegistry(registryUrl);
  const released = registry
    ? await checkReleased(now, (subject) => registry.versionsOf(subject) as Promise<AvroObject[]>)
    : [];
  const against =
    registryUrl === undefined ? `commit ${base}` : `commit ${base} and ${registryUrl}`;
  const what = `${now.products.length} products with ${subjectsOf(now).length} records, against ${against}`;
  return { source: now, problems: [...problems, ...released], what };
}

function sourceAt(root: string, base: string): SchemaSource {
  try {
    return readSchemaSource(schemaFilesAt(root, base));
  } catch (error) {
    if (!(error instanceof SchemaSourceError)) throw error;
    throw new CommandFailure(
      exitCodes.refused,
      `${base}: its schemas cannot be read (${error.message}). To mend: compare with another commit by --base.`,
      error,
    );
  }
}
