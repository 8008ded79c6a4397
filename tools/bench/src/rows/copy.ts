import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { flatColumns } from './flat-row.ts';
import type { Load } from './loading.ts';
import { Places } from './place-rows.ts';

/** A statement by which PostgreSQL reads rows from a file of `writeCsv` on its own machine. */
export const copyFrom = (table: string, file: string): string =>
  `COPY ${table} (${flatColumns.join(', ')}) FROM '${file}' (FORMAT csv)`;

/** Writes the rows as two files of equal length. */
export async function writeCsv(
  { rows, patients }: Pick<Load, 'rows' | 'patients'>,
  folder: string,
): Promise<string[]> {
  const places = new Places(rows, patients);
  const half = Math.ceil(rows / 2);
  const files: string[] = [];
  for (const [from, to] of [
    [0, half],
    [half, rows],
  ] as const) {
    const file = join(folder, `rows-from-${from}-of-${patients}-patients.csv`);
    await pipeline(Readable.from(linesOf(places, from, to)), createWriteStream(file));
    files.push(file);
  }
  return files;
}

function* linesOf(places: Places, from: number, to: number): Generator<string> {
  const iso = (ms: number): string => new Date(ms).toISOString();
  for (let index = from; index < to; index += 1) {
    const { row, offset } = places.place(index);
    const { eventId, patient, code, value, unit, effectiveAt, organisation, recordedAt } = row;
    const fields = [eventId, patient, offset, code, value, unit, iso(effectiveAt), organisation];
    yield `${fields.join(',')},${iso(recordedAt)}\n`;
  }
}
