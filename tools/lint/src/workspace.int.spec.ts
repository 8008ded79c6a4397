import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultsOfTags } from './project-tags.ts';
import { tidyRules } from './tidy-rules.ts';

const top = resolve(import.meta.dirname, '../../..');

/** The registry of this machine: no file names it. */
const registryHost = (): string | undefined => {
  const url = process.env['npm_config_registry'];
  return url === undefined ? undefined : new URL(url).host;
};

const files = execFileSync('git', ['ls-files', '-z'], { cwd: top, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(top, path)))
  .map((path) => ({ path, text: readFileSync(join(top, path), 'utf8') }))
  // What holds a zero byte is no text.
  .filter(({ text }) => !text.includes('\0'));

describe('the workspace', () => {
  it('is looked at as a whole', () => {
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['package.json', 'tsconfig.base.json', 'tools/lint/layers.mjs']),
    );
  });

  it.each(tidyRules(top, registryHost()))('keeps the rule: $name', (rule) => {
    const findings = files
      .filter(({ path }) => rule.appliesTo(path))
      .flatMap(({ path, text }) => rule.findIn(text, path).map((finding) => `${path}: ${finding}`));
    expect(findings).toEqual([]);
  });

  it('tags every project with one layer and one scope', () => {
    const projects = globSync('{apps,libs,tools}/*/project.json', { cwd: top });
    const faults = projects.flatMap((path) => {
      const { tags = [] } = JSON.parse(readFileSync(join(top, path), 'utf8')) as {
        tags?: string[];
      };
      return faultsOfTags(tags).map((fault) => `${path}: ${fault}`);
    });
    expect(projects.length).toBeGreaterThan(10);
    expect(faults).toEqual([]);
  });
});
