import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How a folder differs from what should be in it. */
export interface FolderDifference {
  /** Missing or with another text. */
  readonly stale: readonly string[];
  readonly superfluous: readonly string[];
}

export function compareFolder(
  folder: string,
  wanted: ReadonlyMap<string, string>,
): FolderDifference {
  const present = existsSync(folder) ? readdirSync(folder) : [];
  const isStale = ([name, text]: [string, string]): boolean =>
    !present.includes(name) || readFileSync(join(folder, name), 'utf8') !== text;
  return {
    stale: [...wanted].filter(isStale).map(([name]) => name),
    superfluous: present.filter((name) => !wanted.has(name)),
  };
}

/** Makes the folder hold just what is wanted; answers with what it changed. */
export function writeFolder(folder: string, wanted: ReadonlyMap<string, string>): FolderDifference {
  const difference = compareFolder(folder, wanted);
  mkdirSync(folder, { recursive: true });
  for (const name of difference.stale) writeFileSync(join(folder, name), wanted.get(name) ?? '');
  for (const name of difference.superfluous) rmSync(join(folder, name));
  return difference;
}
