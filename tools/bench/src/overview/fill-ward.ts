import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { withDatabase } from '@samspill/local-stack';
import { from as copyFrom } from 'pg-copy-streams';
import type { BenchOptions } from '../frame/benchmark.ts';
import { patientLines } from './patient-rows.ts';
import type { KnownPatient, Population } from './population.ts';
import { columns, rowForms } from './row-forms.ts';

const table = 'emergency_ward.measurement_v1';
const piecesOf = 64 * 1024;
const toldEvery = 1_000_000;

/**
 * Loads the ward's own table by COPY, its indexes afterwards, as a backup is restored: the ward must have made the table
 * before. Resolves when it is vacuumed and analysed, as it is after a while of use.
 */
export const fillWard = (
  databaseUrl: string,
  patients: readonly KnownPatient[],
  population: Population,
  { signal, say }: Pick<BenchOptions, 'signal' | 'say'>,
): Promise<void> =>
  withDatabase(databaseUrl, async (db) => {
    const { rows: indexes } = await db.query<{ name: string; definition: string }>(
      `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
         FROM pg_index WHERE indrelid = $1::regclass AND NOT indisprimary`,
      [table],
    );
    for (const { name } of indexes) await db.query(`DROP INDEX ${name}`);
    await db.query(`ALTER TABLE ${table} DROP CONSTRAINT measurement_v1_pkey`);
    const lines = told(patientLines(patients, population, rowForms()), say);
    const copy = db.query(copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN`));
    await pipeline(Readable.from(inPieces(lines)), copy, { signal });
    say('rows loaded, indexes to be made');
    await db.query(`ALTER TABLE ${table} ADD PRIMARY KEY (event_id)`);
    for (const { definition } of indexes) await db.query(definition);
    await db.query(`VACUUM ANALYZE ${table}`);
    await db.query('CHECKPOINT');
  });

function* told(lines: Iterable<string>, say: BenchOptions['say']): Generator<string> {
  let count = 0;
  for (const line of lines) {
    yield line;
    count += 1;
    if (count % toldEvery === 0) say(`${count / toldEvery} million rows sent`);
  }
}

function* inPieces(lines: Iterable<string>): Generator<Buffer> {
  let piece = '';
  for (const line of lines) {
    piece += line;
    if (piece.length < piecesOf) continue;
    yield Buffer.from(piece);
    piece = '';
  }
  yield Buffer.from(piece);
}
