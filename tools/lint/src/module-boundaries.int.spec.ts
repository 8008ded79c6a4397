import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createProjectGraphAsync } from '@nx/devkit';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { layerConstraints } from '../layers.mjs';

const top = resolve(import.meta.dirname, '../../..');

beforeAll(async () => {
  // Without a graph of the projects the rule says nothing at all.
  vi.stubEnv('NX_DAEMON', 'false');
  await createProjectGraphAsync({ exitOnError: false });
});

interface LintResult {
  readonly messages: readonly { readonly ruleId: string | null }[];
}

/** The rules that lint finds broken in a file of the fixture, as the lint of every project runs. */
const rulesBrokenBy = (file: string): Promise<(string | null)[]> =>
  new Promise((resolvePromise, reject) => {
    execFile(
      'eslint',
      ['-c', join(top, 'tools/lint/eslint.config.mjs'), '--format', 'json', `src/${file}`],
      { cwd: join(top, 'tools/lint/fixtures/kernel-that-reaches-up') },
      (_error, stdout, stderr) => {
        try {
          const results = JSON.parse(stdout) as LintResult[];
          resolvePromise(results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId)));
        } catch {
          reject(new Error(stdout + stderr));
        }
      },
    );
  });

describe('module boundaries', () => {
  it('refuse an import from a layer above, and nothing else in that file', async () => {
    expect(await rulesBrokenBy('reaches-up.ts')).toEqual(['@nx/enforce-module-boundaries']);
  });

  it('let pass an import from a layer that is allowed', async () => {
    expect(await rulesBrokenBy('stays-below.ts')).toEqual([]);
  });

  it('name every layer that may be imported: no wildcard', () => {
    const layers = layerConstraints.map(({ sourceTag }) => sourceTag);
    for (const { onlyDependOnLibsWithTags: allowed } of layerConstraints) {
      expect(allowed.filter((tag) => !layers.includes(tag))).toEqual([]);
    }
  });
});
