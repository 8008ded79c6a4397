import { createHash } from 'node:crypto';

/** A short text that is equal for equal values, whether they come from a projection or from PostgreSQL. */
export function digestOf(values: Readonly<Record<string, unknown>>): string {
  const named = Object.keys(values)
    .sort()
    .map((name) => {
      const value = values[name] ?? null;
      return [name, value instanceof Date ? value.toISOString() : value];
    });
  return createHash('sha256').update(JSON.stringify(named)).digest('base64url').slice(0, 16);
}
