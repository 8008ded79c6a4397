import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkout } from '../mesh-addresses.ts';
import { runSamspill } from '../support/run-samspill.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'samspill-schemas-'));
  cpSync(join(checkout, 'schemas'), join(root, 'schemas'), { recursive: true });
  git('init', '-q');
  git('add', '.');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-q', '-m', 'schemas');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8' });
const check = (...args: string[]) =>
  runSamspill(['schemas', 'check', '--root', root, '--no-registry', ...args]);

function edit(name: string, change: (text: string) => string): void {
  const path = join(root, 'schemas', name);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

describe('samspill schemas check', () => {
  it('has nothing against what is committed', async () => {
    const { exitCode, out } = await check();
    expect(exitCode).toBe(0);
    expect(out).toMatch(
      /^nothing stands against \d+ products with \d+ records, against commit HEAD/,
    );
  });

  it('refuses a change that breaks readers, and says which field and why', async () => {
    edit('key-vault/GrantClosed.avsc', (text) =>
      text.replace('{ "name": "cause", "type": "string" }', '{ "name": "cause", "type": "int" }'),
    );
    const { exitCode, out } = await check();
    expect(exitCode).toBe(1);
    expect(out).toMatch(
      /refused {2}key-vault\/GrantClosed\.avsc, field cause: expected that a field keeps its type \(string became int\)\. To mend: /,
    );
  });

  it('refuses to take a field out of the sealed part', async () => {
    edit('measurements/MeasurementRecorded.avsc', (text) =>
      text.replace(
        '{ "name": "sealed"',
        '{ "name": "kind", "type": ["null", "string"], "default": null }, { "name": "sealed"',
      ),
    );
    edit('measurements/data-product.yaml', (text) =>
      text.replace('internal: [', 'internal: [kind, '),
    );
    const { exitCode, out } = await check();
    expect(exitCode).toBe(1);
    expect(out).toMatch(
      /field kind: expected that a field that was sealed is not taken out into the clear/,
    );
    expect(out).toMatch(/field kind: expected that a sensitive field does not become internal/);
  });

  it('compares with the commit that --base names', async () => {
    edit('key-vault/data-product.yaml', (text) => text.replace('partitions: 6', 'partitions: 7'));
    git('add', '.');
    git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-q', '-m', 'more');
    expect((await check()).exitCode).toBe(0);
    const { exitCode, out } = await check('--base', 'HEAD~1');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/topic\.partitions: expected that a topic keeps its partitions \(6\)/);
  });

  it('refuses a base that is no commit: a slip of the pen must not switch the comparison off', async () => {
    const { exitCode, err } = await check('--base', 'origin/mian');
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^--base origin\/mian: expected that .*commit.* To mend: /);
  });

  it('says that there was nothing to compare with when the history does not go so far back', async () => {
    const { exitCode, out } = await check('--base', 'HEAD~1');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/records, against no commit: there is no HEAD~1\n$/);
  });

  it('refuses a folder that holds no data product', async () => {
    const { exitCode, err } = await runSamspill(['schemas', 'check', '--root', tmpdir()]);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/schemas: expected that it holds data products\. To mend: /);
  });

  it('names the file and the fault when the schemas cannot be read', async () => {
    edit('measurements/data-product.yaml', (text) =>
      text.replace('retention: forever', 'retention: 30d'),
    );
    const { exitCode, err } = await check();
    expect(exitCode).toBe(1);
    expect(err).toMatch(
      /^schemas\/measurements\/data-product\.yaml: .*keeps its full history.*\n$/,
    );
  });
});
