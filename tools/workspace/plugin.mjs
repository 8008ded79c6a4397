// Gives every project its targets, so that a project.json holds only a name and tags.
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const target = (command, extra = {}) => ({
  command,
  options: { cwd: '{projectRoot}' },
  cache: true,
  inputs: ['default', '^default'],
  ...extra,
});

const hasEndToEndTests = (root) =>
  readdirSync(join(root, 'src'), { recursive: true }).some((name) => name.endsWith('.e2e.spec.ts'));

const targetsOf = (root) => {
  const top = relative(root, '.');
  const vitest = (suite) =>
    `vitest run --root . -c ${top}/tools/workspace/vitest.${suite}.config.mjs --passWithNoTests`;
  return {
    typecheck: target('tsc --noEmit -p tsconfig.json'),
    lint: target(`eslint -c ${top}/tools/lint/eslint.config.mjs src`),
    // Real servers take part in these, so a remembered result would prove nothing.
    test: target(vitest('unit'), { cache: false }),
    ...(hasEndToEndTests(root) && {
      e2e: target(vitest('e2e'), { cache: false, parallelism: false }),
    }),
  };
};

export const createNodesV2 = [
  '{apps,libs,tools}/*/project.json',
  (files) =>
    files.map((file) => {
      const root = dirname(file);
      return [file, { projects: { [root]: { targets: targetsOf(root) } } }];
    }),
];
