import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { copyRows, type ColumnOfRows } from './copy-rows.ts';
import { createPool } from './pool.ts';
import { startServers, type Servers } from './sample/ward.ts';
import type { ColumnType, ColumnValue } from './table.ts';
import { inTransaction } from './transaction.ts';

let servers: Servers;
let pool: Pool;
let schema: string;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers.stop());
beforeEach(async () => {
  schema = `copy_${randomBytes(6).toString('hex')}`;
  pool = createPool(servers.databaseUrl, { schema, max: 2, applicationName: schema });
  const columns = Object.keys(values).map((type) => `${nameOf(type)} ${type}`);
  await pool.query(
    `CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.sample (id int PRIMARY KEY, ${columns.join(', ')})`,
  );
});
afterEach(() => pool.end());

const nameOf = (type: string): string => `a_${type.replace(/\W+/g, '_')}`;

const text = fc.string({ maxLength: 60, unit: 'grapheme' }).map((one) => one.replaceAll('\0', ''));
const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{0,${max}}$`));
const decimal = fc
  .tuple(fc.constantFrom('', '-', '+'), digits(40), digits(40))
  .filter(([, whole, fraction]) => whole + fraction !== '')
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`);
const instant = fc.date({
  min: new Date('0001-01-01'),
  max: new Date('9999-12-31'),
  noInvalidDate: true,
});

/** What rows may hold, and how PostgreSQL is told the same in words. */
const values: Record<ColumnType, fc.Arbitrary<Exclude<ColumnValue, null>>> = {
  text,
  uuid: fc.uuid(),
  boolean: fc.boolean(),
  smallint: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
  integer: fc.integer(),
  bigint: fc.maxSafeInteger(),
  // As a text, -0 is 0.
  'double precision': fc.double().map((one) => one + 0),
  numeric: fc.oneof(decimal, fc.constantFrom('0', '-0', '0.00', '.5', '7.', '10000', '0.0001')),
  date: instant.map((one) => one.toISOString().slice(0, 10)),
  timestamptz: fc.oneof(
    instant,
    instant.map((one) => one.getTime()),
  ),
  json: fc.jsonValue().map((one) => JSON.stringify(one).replaceAll('\\u0000', '')),
  jsonb: fc.constantFrom('{"a": [1, null]}', '"text"', '12.50', 'null'),
  'text[]': fc.array(text, { maxLength: 4 }),
};
const types = Object.keys(values) as ColumnType[];
const row = fc.tuple(...types.map((type) => fc.option(values[type], { freq: 8 })));

const columnsOf = (rows: readonly (readonly (ColumnValue | null)[])[]): ColumnOfRows[] => [
  { name: 'id', type: 'integer', values: rows.map((_, index) => index) },
  ...types.map((type, at) => ({
    name: nameOf(type),
    type,
    values: rows.map((one) => one[at] ?? null),
  })),
];

const copy = (columns: readonly ColumnOfRows[]): Promise<boolean> =>
  inTransaction(pool, async (tx) => {
    const isCopied = await copyRows(tx, `${schema}.sample`, columns);
    // The transaction is as good as before, whatever came of it.
    await tx.query('SELECT 1');
    return isCopied;
  });

const ofOne = (type: ColumnType, value: ColumnValue): ColumnOfRows[] => [
  { name: 'id', type: 'integer', values: [1] },
  { name: nameOf(type), type, values: [value] },
];

const rowsThere = async (): Promise<number> => {
  const { rows } = await pool.query<{ n: number }>(`SELECT count(*) AS n FROM ${schema}.sample`);
  return rows[0]?.n ?? 0;
};

describe('rows that are copied', () => {
  it('are what PostgreSQL reads from the same values as texts', () =>
    fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
        await pool.query(`TRUNCATE ${schema}.sample`);
        expect(await copy(columnsOf(rows))).toBe(true);
        for (const [at, type] of types.entries()) {
          const said = rows.map((one) => toText(type, one[at] ?? null));
          const { rows: differing } = await pool.query(
            `SELECT s.id, s.${nameOf(type)}::text AS copied, r.said::text
               FROM ${schema}.sample s
               JOIN unnest($1::text[]) WITH ORDINALITY AS r (said, n) ON n = s.id + 1
              WHERE s.${nameOf(type)}::text IS DISTINCT FROM r.said::${type}::text`,
            [said],
          );
          expect({ type, differing }).toEqual({ type, differing: [] });
        }
      }),
      { numRuns: 60 },
    ));

  it('are none where a key is there already', async () => {
    await pool.query(`INSERT INTO ${schema}.sample (id) VALUES (1)`);
    const columns: ColumnOfRows[] = [{ name: 'id', type: 'integer', values: [0, 1, 2] }];
    expect(await copy(columns)).toBe(false);
    expect(await rowsThere()).toBe(1);
  });

  it.each<[ColumnType, ColumnValue]>([
    ['text', 'a zero\0character'],
    ['uuid', 'no-uuid'],
    ['uuid', '0123456789abcdef0123456789abcdef00'],
    ['smallint', 2 ** 15],
    ['integer', 0.5],
    ['bigint', NaN],
    ['numeric', 'twelve'],
    ['numeric', '1e5'],
    ['date', '2026-02-30x'],
    ['timestamptz', '2026-01-01T00:00:00.000001Z'],
    ['jsonb', '{'],
  ])('are none where %s %j has no place in the binary form or is refused', async (type, value) => {
    expect(await copy(ofOne(type, value))).toBe(false);
    expect(await rowsThere()).toBe(0);
  });
});

function toText(type: ColumnType, value: ColumnValue): string | null {
  if (value === null) return null;
  if (type === 'timestamptz') return new Date(value as number | Date).toISOString();
  if (type === 'text[]') {
    const items = (value as string[]).map((one) => `"${one.replace(/["\\]/g, '\\$&')}"`);
    return `{${items.join(',')}}`;
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
