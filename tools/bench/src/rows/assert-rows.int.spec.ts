import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, startLocalStack, type LocalStack } from '@samspill/local-stack';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Places } from './place-rows.ts';
import { createRowTable } from './row-table.ts';
import { assertRows } from './assert-rows.ts';
import { writeCsv } from './copy.ts';
import { copyWays } from '../materialise/copy-ways.ts';

const rows = 1_000;
const load = { topic: 'none', form: 'clear', rows, patients: 100 } as const;
const places = new Places(rows, load.patients);
const ends = new Map<number, number>();
for (let index = 0; index < rows; index += 1) {
  const { partition, offset } = places.place(index);
  ends.set(partition, offset + 1);
}
const loaded = {
  ...load,
  ...places.checked([...ends].map(([partition, end]) => ({ partition, end }))),
};

let folder: string;
let stack: LocalStack;
let databaseUrl: string;
let files: string[];
let db: Client;
let table: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samspill-bench-rows-'));
  stack = await startLocalStack({ dataDir: join(folder, 'stack'), ports: 'free' });
  databaseUrl = await createDatabase(stack.databaseUrl, 'bench_rows');
  files = await writeCsv(loaded, folder);
  db = new Client({ connectionString: databaseUrl });
  await db.connect();
});
afterAll(async () => {
  await db.query('DROP SCHEMA copied CASCADE');
  await db.end();
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await db.query('DROP SCHEMA IF EXISTS copied CASCADE');
  table = await createRowTable(db, {
    ...{ schema: 'copied', name: 'row', idType: 'uuid', times: 'timestamptz' },
  });
});

describe.each(copyWays)('$name', (way) => {
  it('writes the rows that were produced', async () => {
    await way.copy(databaseUrl, table, files);
    await expect(assertRows(db, table, loaded)).resolves.toBeUndefined();
  });
});

describe('the check of what was written', () => {
  it.each([
    ['a row is missing', 'DELETE FROM %s WHERE src_offset = 3', /holds \d+ rows of 1000/],
    [
      'a time lost its milliseconds',
      `UPDATE %s SET recorded_at = date_trunc('second', recorded_at)`,
      'wrong',
    ],
    ['a value is another one', 'UPDATE %s SET value = value + 0.01', 'wrong'],
    ['an offset is another one', 'UPDATE %s SET src_offset = src_offset + 1', 'wrong'],
  ])('finds that %s', async (_, damage, said) => {
    await copyWays[0]?.copy(databaseUrl, table, files);
    await db.query(damage.replace('%s', table));
    await expect(assertRows(db, table, loaded)).rejects.toThrow(said);
  });
});
