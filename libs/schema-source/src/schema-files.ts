import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The text of every file below `schemas/`, by its path there: `measurements/MeasurementRecorded.avsc`. */
export type SchemaFiles = ReadonlyMap<string, string>;

/** The files of the work tree. */
export function schemaFilesIn(root: string): SchemaFiles {
  const folder = join(root, 'schemas');
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** The files of a commit; empty when the commit has none or there is no such commit. */
export function schemaFilesAt(root: string, commit: string): SchemaFiles {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  let names: string[];
  try {
    names = git('ls-tree', '-r', '--name-only', commit, 'schemas/').split('\n').filter(Boolean);
  } catch {
    return new Map();
  }
  return new Map(
    names.map((name) => [name.slice('schemas/'.length), git('show', `${commit}:${name}`)]),
  );
}
