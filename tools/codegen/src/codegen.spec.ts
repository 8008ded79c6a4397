import { execFile } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSchemaSource, schemaFilesIn } from '@samspill/schema-source';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generate } from './generate.ts';
import { compareFolder } from './generated-folder.ts';

const checkout = join(import.meta.dirname, '../../..');
const generated = 'libs/contracts/src/generated';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'samspill-codegen-'));
  cpSync(join(checkout, 'schemas'), join(root, 'schemas'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Runs the generator as a process of its own. */
const codegen = (...args: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const main = join(import.meta.dirname, 'main.ts');
    const env = { ...process.env, TSX_TSCONFIG_PATH: join(checkout, 'tsconfig.base.json') };
    const argv = ['--import', 'tsx', main, '--root', root, ...args];
    execFile(process.execPath, argv, { env, cwd: checkout }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });

describe('code generation', () => {
  it('gives the same text every time', async () => {
    const source = () => readSchemaSource(schemaFilesIn(checkout));
    expect(await generate(source())).toEqual(await generate(source()));
  });

  it('gives what is committed', async () => {
    const wanted = await generate(readSchemaSource(schemaFilesIn(checkout)));
    const difference = compareFolder(join(checkout, generated), wanted);
    expect(difference).toEqual({ stale: [], superfluous: [] });
  });

  it('writes what is missing, and the second time nothing', async () => {
    expect((await codegen()).output).toMatch(/^(\d+) files, \1 written, 0 removed/);
    expect((await codegen()).output).toMatch(/^\d+ files, 0 written, 0 removed/);
    expect(await codegen('--check')).toMatchObject({ code: 0 });
  });

  it('fails its check on a changed and on a superfluous file, and names them', async () => {
    await codegen();
    appendFileSync(join(root, generated, 'measurements.ts'), '// by hand\n');
    writeFileSync(join(root, generated, 'forgotten.ts'), 'export {};\n');
    const { code, output } = await codegen('--check');
    expect(code).toBe(1);
    expect(output).toContain(`stale: ${generated}/measurements.ts`);
    expect(output).toContain(`superfluous: ${generated}/forgotten.ts`);
    expect(output).toContain('npm run codegen');
  });

  it('fails its check when a schema changed since', async () => {
    await codegen();
    const path = join(root, 'schemas/key-vault/GrantOpened.avsc');
    writeFileSync(
      path,
      JSON.stringify({
        type: 'record',
        name: 'GrantOpened',
        namespace: 'samspill.key_vault',
        fields: [{ name: 'envelope', type: 'samspill.common.Envelope' }],
      }),
    );
    const { code, output } = await codegen('--check');
    expect(code).toBe(1);
    expect(output).toContain(`stale: ${generated}/key-vault.ts`);
  });
});
