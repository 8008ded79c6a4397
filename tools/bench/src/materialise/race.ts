import { pause } from '@samspill/kernel';
import type { Client } from 'pg';
import type { Measured } from '../frame/samples.ts';
import { startMeter, type MeteredPart } from '../meters/meter.ts';
import type { Loaded } from '../rows/loading.ts';
import { assertRows } from '../rows/assert-rows.ts';

/** One contender, ready to go. */
export interface Race {
  /** A connection of the harness. */
  readonly db: Client;
  /** The table that it fills, with its schema. */
  readonly table: string;
  readonly loaded: Loaded;
  readonly parts: Readonly<Record<string, MeteredPart>>;
  go(): Promise<void>;
  /** Rejects where the contender can get no further. */
  assertAtWork?(): Promise<void>;
  readonly signal: AbortSignal;
}

const lookEveryMs = 20;
/** Asking costs the contender something. */
const assertEveryMs = 1_000;
const endsWithinMs = 600_000;

/**
 * Lets the contender go and takes the time until the last row of each partition can be seen. Afterwards every row must be
 * there once, and those that are compared must be what was produced; rejects otherwise.
 */
export async function race(given: Race): Promise<Measured[]> {
  const { db, table, loaded, parts, signal } = given;
  // Else it falls into the run of the next contender.
  await db.query('CHECKPOINT');
  const meter = startMeter(parts);
  const began = performance.now();
  await given.go();
  let firstMs: number | undefined;
  let assertedMs = began;
  while (!(await areAllThere(db, table, loaded.lastIds))) {
    firstMs ??= (await hasRows(db, table)) ? performance.now() - began : undefined;
    if (performance.now() - began > endsWithinMs)
      throw new Error(`no end after ${endsWithinMs} ms`);
    if (performance.now() - assertedMs > assertEveryMs) {
      await given.assertAtWork?.();
      assertedMs = performance.now();
    }
    await pause(lookEveryMs, signal);
    signal.throwIfAborted();
  }
  const seconds = (performance.now() - began) / 1_000;
  const metered = meter.stop();
  await assertRows(db, table, loaded);
  return [
    { name: 'rows a second', unit: 'rows/s', value: loaded.rows / seconds },
    { name: 'first row after', unit: 's', value: (firstMs ?? seconds * 1_000) / 1_000 },
    ...costOf(metered, loaded.rows),
    ...metered,
  ];
}

/** All that the contender needs but the broker, which has the same to do for each. */
function costOf(metered: readonly Measured[], rows: number): Measured[] {
  const cpu = metered.filter(({ name }) => name.startsWith('CPU of ') && name !== 'CPU of broker');
  if (cpu.length === 0) return [];
  const seconds = cpu.reduce((sum, { value }) => sum + value, 0);
  return [{ name: 'CPU a million rows', unit: 's', value: (seconds * 1e6) / rows }];
}

async function areAllThere(db: Client, table: string, ids: readonly string[]): Promise<boolean> {
  const { rows } = await db.query<{ there: number }>({
    name: `last ${table}`,
    text: `SELECT count(*)::int AS there FROM ${table} WHERE event_id = ANY ($1)`,
    values: [ids],
  });
  return rows[0]?.there === ids.length;
}

async function hasRows(db: Client, table: string): Promise<boolean> {
  const { rows } = await db.query(`SELECT FROM ${table} LIMIT 1`);
  return rows.length > 0;
}
