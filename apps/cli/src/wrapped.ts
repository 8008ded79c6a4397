import { stripVTControlCharacters } from 'node:util';

/** Breaks at spaces; a word longer than the line, such as a path, is cut: nothing of it is left out. */
export function wrapped(text: string, width: number): string {
  // Colours would be counted and cut.
  if (stripVTControlCharacters(text).length <= width) return text;
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    for (let rest = word; ; rest = rest.slice(width)) {
      const piece = rest.slice(0, width);
      const line = lines.at(-1) ?? '';
      if (line === '') lines[lines.length - 1] = piece;
      else if (line.length + 1 + piece.length <= width)
        lines[lines.length - 1] = `${line} ${piece}`;
      else lines.push(piece);
      if (rest.length <= width) break;
    }
  }
  return lines.join('\n');
}
