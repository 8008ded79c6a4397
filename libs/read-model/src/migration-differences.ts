import type { ClientBase, Pool } from 'pg';
import { escapeIdentifier } from 'pg';
import { engineFolder, migrationsIn } from './migration-files.ts';

/** A migration that database and files do not have alike. */
export interface MigrationDifference {
  readonly name: string;
  /** Changed after it was applied; or the service was not started since it came; or the files are older than the database. */
  readonly what: 'changed' | 'not applied' | 'not known here';
}

/**
 * Compares what was applied in the schema with the files of the engine and of the folders; changes nothing. A database
 * to which nothing was ever applied has none of them.
 */
export async function migrationDifferences(
  db: Pool | ClientBase,
  { schema, folders }: { readonly schema: string; readonly folders: readonly string[] },
): Promise<MigrationDifference[]> {
  const files = (await Promise.all([engineFolder, ...folders].map(migrationsIn))).flat();
  const applied = await appliedIn(db, schema);
  const known = new Set(files.map(({ name }) => name));
  return [
    ...files.flatMap(({ name, sha256 }): MigrationDifference[] => {
      const before = applied.get(name);
      if (before === undefined) return [{ name, what: 'not applied' }];
      return before === sha256 ? [] : [{ name, what: 'changed' }];
    }),
    ...[...applied.keys()]
      .filter((name) => !known.has(name))
      .map((name) => ({ name, what: 'not known here' as const })),
  ];
}

async function appliedIn(db: Pool | ClientBase, schema: string): Promise<Map<string, string>> {
  const table = `${escapeIdentifier(schema)}.migration`;
  const { rows: there } = await db.query<{ found: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS found',
    [table],
  );
  if (!there[0]?.found) return new Map();
  const { rows } = await db.query<{ name: string; sha256: string }>(
    `SELECT name, sha256 FROM ${table}`,
  );
  return new Map(rows.map(({ name, sha256 }) => [name, sha256]));
}
