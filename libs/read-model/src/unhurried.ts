import type { QueryConfig } from 'pg';

/** A statement without the deadline that the pool gives to each; the type of pg leaves the setting out. */
export const unhurried = (text: string, values: unknown[] = []): QueryConfig => ({
  text,
  values,
  ...{ query_timeout: 3_600_000 },
});
