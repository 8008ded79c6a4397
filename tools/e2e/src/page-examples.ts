import { readFile, writeFile } from 'node:fs/promises';

/** A command of a page, and what the page says that it answers. */
export interface PageExample {
  readonly section: string;
  readonly command: string;
  readonly answer: string;
}

interface ExampleOnPage extends PageExample {
  /** Of the answer, in lines of the page. */
  readonly from: number;
  readonly to: number;
}

/** The examples of a page: what follows `$ ` within a block of `console`, in the order of the page. */
export const readExamples = async (page: string): Promise<PageExample[]> =>
  examplesIn(await readFile(page, 'utf8'));

/** Writes answers in the place of those on the page; examples that are not named stay, and those that leave lines out. */
export async function writeExamples(
  page: string,
  answers: ReadonlyMap<string, string>,
): Promise<void> {
  const text = await readFile(page, 'utf8');
  const lines = text.split('\n');
  for (const { section, command, answer: before, from, to } of examplesIn(text).reverse()) {
    const answer = answers.get(nameOf({ section, command }));
    if (answer !== undefined && !before.includes('...'))
      lines.splice(from, to - from, ...answer.trimEnd().split('\n'));
  }
  await writeFile(page, lines.join('\n'));
}

export const nameOf = ({ section, command }: Pick<PageExample, 'section' | 'command'>): string =>
  `${section}: ${command}`;

function examplesIn(text: string): ExampleOnPage[] {
  const found: ExampleOnPage[] = [];
  let section = '';
  let isConsole = false;
  const lines = text.split('\n');
  lines.forEach((line, at) => {
    if (line.startsWith('## ')) section = line.slice(3);
    if (line.startsWith('```')) isConsole = line === '```console';
    if (!isConsole || !line.startsWith('$ ')) return;
    const from = at + 1;
    const to = lines.findIndex((next, index) => index >= from && /^(\$ |```)/.test(next));
    const answer = lines.slice(from, to).join('\n');
    found.push({ section, command: line.slice(2), answer, from, to });
  });
  return found;
}

/**
 * Whether it says the same, times, ids, offsets and sizes apart. On the page `...` stands for any lines, and at the end of a
 * line for the rest of it.
 */
export function saysTheSame(onPage: string, answered: string): boolean {
  const pattern = normal(onPage)
    .split('\n')
    .map((line) => (line === '...' ? '(.*\\n)*?' : `${patternOf(line)}\\n`))
    .join('');
  return new RegExp(`^${pattern}$`).test(`${normal(answered)}\n`);
}

const patternOf = (line: string): string =>
  line.endsWith(' ...') ? `${RegExp.escape(line.slice(0, -4))}.*` : RegExp.escape(line);

const normal = (text: string): string =>
  text
    .trim()
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
    .replace(/(\.v\d+):\d+:\d+/g, '$1:POSITION')
    .replace(/\d+ (bytes|s old|records? of the log)/g, 'SOME $1')
    .replace(/SOME record /g, 'SOME records ')
    .replace(/─+/g, '─')
    .replace(/ +/g, ' ')
    .replace(/ $/gm, '');
