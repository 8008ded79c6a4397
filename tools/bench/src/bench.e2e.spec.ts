import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from './catalogue.ts';
import { readResult } from './frame/results-folder.ts';

const run = promisify(execFile);
const top = join(import.meta.dirname, '../../..');
/** Minutes on a machine that does nothing else; here it may be busy. */
const timeoutMs = 20 * 60_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samspill-bench-results-'));
  const main = 'tools/bench/src/main.ts';
  const args = ['--import', 'tsx', main, '--quick', '--record', folder];
  // Exit code 1 says that a contender failed, or that what it wrote was not what was produced.
  await run(process.execPath, args, { cwd: top }).catch((error: unknown) => {
    throw new Error((error as { stdout?: string }).stdout, { cause: error });
  });
}, timeoutMs);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(catalogue)('a quick run of $name', ({ name, goals, plots }) => {
  it('has figures of every contender that took part, and none that failed', async () => {
    const { contenders, quick } = await readResult(folder, name);
    expect(quick).toBe(true);
    expect(contenders).not.toEqual([]);
    expect(contenders.flatMap(({ failures }) => failures)).toEqual([]);
    for (const { contender, figures } of contenders) {
      expect(figures, contender).not.toEqual([]);
      for (const { samples } of figures) expect(samples.every(Number.isFinite)).toBe(true);
    }
  });

  it('tells of each goal whether it is met', async () => {
    const told = (await readResult(folder, name)).goals.map(({ text }) => text);
    expect(told).toEqual(goals.map(({ text }) => text));
  });

  it('is drawn, and told on the page with a warning', async () => {
    const page = await readFile(join(folder, 'README.md'), 'utf8');
    expect(page).toContain(`## ${name}: `);
    expect(page).toContain(`**${name} was run with \`--quick\``);
    for (const plot of plots) {
      const file = `${name}-${plot.name}.svg`;
      expect(page).toContain(file);
      expect(await readFile(join(folder, file), 'utf8')).toMatch(/^<svg .*<\/svg>\s*$/s);
    }
  });
});
