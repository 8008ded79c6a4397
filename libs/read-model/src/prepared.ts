import { hash } from 'node:crypto';
import type { QueryConfig } from 'pg';

const names = new Map<string, string>();

/** A statement that each connection plans once. Its name is made of its text, so that one name never means two texts. */
export function prepared(text: string, values: unknown[]): QueryConfig {
  let name = names.get(text);
  if (name === undefined) {
    name = hash('sha256', text).slice(0, 32);
    names.set(text, name);
  }
  return { name, text, values };
}
