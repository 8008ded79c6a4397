import { join } from 'node:path';
import type { Edit } from './mutant.ts';

/** Of the repository. */
export const topFolder = join(import.meta.dirname, '../../../..');

/** The source with the edits in it. Throws unless what is to be replaced stands there exactly once. */
export function editedSource(source: string, edits: readonly Edit[]): string {
  return edits.reduce((text, { file, find, replace }) => {
    const parts = text.split(find);
    if (parts.length !== 2) {
      throw new Error(`${file} holds ${parts.length - 1} times, not once: ${find}`);
    }
    return parts.join(replace);
  }, source);
}
