import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readExamples, saysTheSame, writeExamples } from './page-examples.ts';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'samspill-page-'))));
afterAll(() => rm(folder, { recursive: true }));

const text = `# Page

## One

\`\`\`console
$ first
a
b
$ second
\`\`\`

\`\`\`sh
$ no example
\`\`\`

## Two

\`\`\`console
$ first
c
\`\`\`
`;

describe('the examples of a page', () => {
  it('are read with their sections and answers, and written anew', async () => {
    const page = join(folder, 'page.md');
    await writeFile(page, text);
    expect(await readExamples(page)).toMatchObject([
      { section: 'One', command: 'first', answer: 'a\nb' },
      { section: 'One', command: 'second', answer: '' },
      { section: 'Two', command: 'first', answer: 'c' },
    ]);
    await writeExamples(
      page,
      new Map([
        ['One: first', 'x\n'],
        ['One: second', 'y\nz\n'],
      ]),
    );
    expect(await readFile(page, 'utf8')).toBe(
      text.replace('a\nb\n$ second\n', 'x\n$ second\ny\nz\n'),
    );
  });

  it.each([
    ['at 2026-11-24T09:17:22.038Z', 'at 2027-01-01T00:00:00.000Z', true],
    ['in the log at a.v1:4:35', 'in the log at a.v1:0:1', true],
    ['no. parked', 'no. withheld', false],
    ['2 records lie before it', '3 records lie before it', false],
    ['first\n...\nlast', 'first\nany\nany\nlast', true],
    ['first\n...\nlast', 'first\nany\nother', false],
    ['first\n...', 'first', true],
    ['kafka  stopped ...', 'kafka  stopped  127.0.0.1:1', true],
    ['kafka  stopped ...', 'kafka  ready  127.0.0.1:1', false],
    ['first', 'first\nmore', false],
  ])('%j and %j', (onPage, answered, same) => {
    expect(saysTheSame(onPage, answered)).toBe(same);
  });
});
