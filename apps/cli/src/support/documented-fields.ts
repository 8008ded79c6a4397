import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../mesh-addresses.ts';

/** The page that says what `--json` answers: the fields of each command. */
const pagePath = 'tools/docs/json-output.md';

const page = (): string => readFileSync(join(checkout, pagePath), 'utf8');

/** The commands that the page tells of. */
export const documentedCommands = (): string[] =>
  [...page().matchAll(/^## `(.*)`$/gm)].map(([, path = '']) => path);

/** Fields of a command, as patterns; a row may point to another command's. */
function fieldsOf(command: string): string[] {
  const [, section = ''] = page().split(`\n## \`${command}\`\n`);
  const own = section.split('\n## ')[0] ?? '';
  const whole = /^As `(.*)`\.$/m.exec(own)?.[1];
  if (whole !== undefined) return fieldsOf(whole);
  return [...own.matchAll(/^\| `(.+?)` +\| (.*?) *\|$/gm)].flatMap(([, field = '', is = '']) => {
    const [, other, below = ''] = /^As `(samspill [^`]*)`(?: `(.*)`)?$/.exec(is) ?? [];
    if (other === undefined) return [field];
    const others = fieldsOf(other).filter((one) => one.startsWith(below));
    return [field, ...others.map((one) => joined(field, one.slice(below.length)))];
  });
}

const joined = (field: string, rest: string): string =>
  rest === '' || rest.startsWith('[') || rest.startsWith('.') ? field + rest : `${field}.${rest}`;

/** Paths of all values in a document: `parts[].name`. */
function pathsIn(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => pathsIn(one, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, below]) =>
    pathsIn(below, path === '' ? name : `${path}.${name}`),
  );
}

/** What a command answered and the page does not tell of. `answer`: one document, or one a line. */
export function undocumentedFields(command: string, answer: string): string[] {
  const documented = fieldsOf(command).map(
    (field) => new RegExp(`^${RegExp.escape(field).replace('\\*', '.*')}$`),
  );
  const found = documentsIn(answer).flatMap((one) => pathsIn(one));
  return [...new Set(found)].filter((path) => !documented.some((field) => field.test(path)));
}

function documentsIn(answer: string): unknown[] {
  try {
    return [JSON.parse(answer)];
  } catch {
    return answer
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  }
}
