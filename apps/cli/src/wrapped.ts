import { stripVTControlCharacters } from 'node:util';

/** Of what is seen: colours take no room. */
const lengthOf = (text: string): number => stripVTControlCharacters(text).length;

/** Breaks at spaces; a word longer than the line, such as a path, is cut: nothing of it is left out. */
export function wrapped(text: string, width: number): string {
  if (lengthOf(text) <= width) return text;
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    for (const piece of piecesOf(word, width)) {
      const line = lines.at(-1) ?? '';
      if (line === '') lines[lines.length - 1] = piece;
      else if (lengthOf(line) + 1 + lengthOf(piece) <= width)
        lines[lines.length - 1] = `${line} ${piece}`;
      else lines.push(piece);
    }
  }
  return lines.join('\n');
}

function piecesOf(word: string, width: number): string[] {
  if (lengthOf(word) <= width) return [word];
  const plain = stripVTControlCharacters(word);
  return plain.match(new RegExp(`.{1,${width}}`, 'gs')) ?? [plain];
}

const ofTable = /^[│┌├└]/;

/** Lines that are longer than a terminal is wide break at spaces, and go on further in; tables stay as they are. */
export const fitted = (text: string, width: number): string =>
  text
    .split('\n')
    .map((line) => {
      if (lengthOf(line) <= width || ofTable.test(line)) return line;
      const indent = /^ */.exec(line)?.[0] ?? '';
      const further = `${indent}  `;
      const [first = '', ...rest] = wrapped(line.trimStart(), width - further.length).split('\n');
      return [indent + first, ...rest.map((one) => further + one)].join('\n');
    })
    .join('\n');
