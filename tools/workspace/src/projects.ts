import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';

export interface Project {
  readonly name: string;
  /** The last part of its folder, after which its vitest reports are named. */
  readonly folder: string;
  /** Only then it has a target `e2e`. */
  readonly hasEndToEndTests: boolean;
}

const projectJson = z.object({ name: z.string() });

/** The projects of the workspace, or those of the names given. Throws on a name that none has. */
export const findProjects = (top: string, names: readonly string[]): Project[] => {
  const all = globSync('{apps,libs,tools}/*/project.json', { cwd: top })
    .sort()
    .map((file) => ({
      name: projectJson.parse(JSON.parse(readFileSync(join(top, file), 'utf8'))).name,
      folder: basename(dirname(file)),
      hasEndToEndTests:
        globSync('src/**/*.e2e.spec.ts', { cwd: join(top, dirname(file)) }).length > 0,
    }));
  const unknown = names.filter((name) => !all.some((project) => project.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `No project is called ${unknown.join(' or ')}. There are: ${all.map(({ name }) => name).join(', ')}.`,
    );
  }
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
};
