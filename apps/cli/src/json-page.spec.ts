import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { doingCommands, pathOf } from './command-tree.ts';
import { checkout } from './mesh-addresses.ts';
import { samspill } from './program.ts';
import { blocksIn, isRunOf } from './recording/page.ts';
import { documentedCommands, undocumentedFields } from './support/documented-fields.ts';

const program = samspill();
const withJson = doingCommands(program).filter(({ options }) =>
  options.some(({ long }) => long === '--json'),
);

it('the page of JSON answers tells of every command that has --json, and of no other', () => {
  expect(documentedCommands()).toEqual(withJson.map(pathOf));
});

it('knows every field of the answers that were recorded', () => {
  const recorded = readFileSync(join(checkout, 'tools/docs/commands.md'), 'utf8');
  const answers = blocksIn(recorded).flatMap((block) => {
    const [, typed = '', answer = ''] = /^\$ (.*)\n([^]*)\n```$/m.exec(block) ?? [];
    const isWhole = /--json/.test(typed) && /^[[{](?!"error")[^]*[\]}]$/.test(answer);
    return isWhole ? [{ typed, answer }] : [];
  });
  expect(answers.length).toBeGreaterThan(0);
  for (const { typed, answer } of answers) {
    const command = withJson.find((one) => isRunOf(typed, one, program));
    expect(undocumentedFields(command ? pathOf(command) : '', answer), typed).toEqual([]);
  }
});

it('finds a field that the page does not tell of', () => {
  expect(undocumentedFields('samspill down', '{"ran":true,"why":"x"}')).toEqual(['why']);
  expect(undocumentedFields('samspill up', '{"parts":[{"name":"x","colour":"red"}]}')).toEqual([
    'parts[].colour',
  ]);
});
