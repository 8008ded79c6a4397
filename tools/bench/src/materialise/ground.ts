import type pg from 'pg';
import type { BenchOptions } from '../frame/benchmark.ts';
import type { Samples } from '../frame/samples.ts';
import type { Loaded, RowForm } from '../rows/loading.ts';
import type { BenchServers } from '../servers/start-servers.ts';

/** What the contenders of one patient count have at hand. */
export interface Ground {
  readonly servers: BenchServers;
  readonly options: BenchOptions;
  /** A connection of the harness. */
  readonly db: pg.Client;
  readonly samples: Samples;
  readonly patients: number;
  readonly loaded: ReadonlyMap<RowForm, Loaded>;
}

/** Of a contender's process: it takes the same rows twice. */
export const ages = ['cold', 'warm'] as const;

/** The topic that holds the rows in this form. */
export function loadedAs({ loaded }: Ground, form: RowForm): Loaded {
  const found = loaded.get(form);
  if (found === undefined) throw new Error(`no topic holds the rows as ${form}`);
  return found;
}
