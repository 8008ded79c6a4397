import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyVault, measurements } from '@samspill/contracts';
import { newPseudonym } from '@samspill/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from './migrate.ts';
import { createPool } from './pool.ts';
import { reachedPositions } from './reached-positions.ts';
import { startRebuild } from './rebuild.ts';
import { readings } from './sample/projections.ts';
import { caughtUp, type Ward } from './sample/ward.ts';
import { wardOfEachTest } from './sample/ward-of-each-test.ts';
import { inTransaction } from './transaction.ts';

let ward: Ward;
wardOfEachTest((opened) => (ward = opened));

describe('migrations', () => {
  let folder: string;
  const write = (name: string, sql: string): Promise<void> => writeFile(join(folder, name), sql);
  const applied = async (): Promise<string[]> =>
    (
      await ward.pool.query<{ name: string }>(
        'SELECT name FROM migration ORDER BY applied_at, name',
      )
    ).rows.map(({ name }) => name);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are applied in order and once, by many instances that start together', async () => {
    await write('0002-more.sql', 'ALTER TABLE one ADD COLUMN b int;');
    await write('0001-one.sql', 'CREATE TABLE one (a int); INSERT INTO one VALUES (1);');
    await write('notes.md', 'not SQL');
    const { schema } = ward;
    await Promise.all(Array.from({ length: 5 }, () => migrate(ward.pool, { schema, folder })));
    expect((await ward.pool.query('SELECT a, b FROM one')).rows).toEqual([{ a: 1, b: null }]);
    expect(await applied()).toEqual([
      '0000-read-model.sql',
      '0001-parking.sql',
      '0001-reading.sql',
      '0002-versions.sql',
      '0003-holds.sql',
      '0004-last-record.sql',
      '0005-gate-changes.sql',
      '0001-one.sql',
      '0002-more.sql',
    ]);
  });

  it('change every version of a table, and the view shows what they added', async () => {
    const { schema } = ward;
    const projection = readings;
    await (await ward.start()).close();
    await startRebuild(ward.pool, { schema, projection });
    await write(
      '0001-unit.sql',
      `SELECT for_each_version('reading', 'ALTER TABLE %s ADD COLUMN unit text');
       SELECT for_each_version('reading', 'CREATE INDEX ON %s (unit)');`,
    );
    await migrate(ward.pool, { schema, folder });
    const { rows } = await ward.pool.query<{ relation: string }>(
      `SELECT attrelid::regclass::text AS relation FROM pg_attribute
        WHERE attname = 'unit' AND attrelid::regclass::text LIKE 'reading%' ORDER BY 1`,
    );
    expect(rows.map(({ relation }) => relation)).toEqual([
      'reading',
      'reading_v1',
      'reading_v1_unit_idx',
      'reading_v2',
      'reading_v2_unit_idx',
    ]);
  });

  it('are all undone when one of them fails', async () => {
    await write('0001-one.sql', 'CREATE TABLE one (a int)');
    await write('0002-bad.sql', 'ALTER TABLE nowhere ADD COLUMN b int');
    const { schema } = ward;
    await expect(migrate(ward.pool, { schema, folder })).rejects.toThrow(/nowhere/);
    await expect(ward.pool.query('SELECT * FROM one')).rejects.toThrow(/does not exist/);
  });

  it('are refused when one was changed after it was applied', async () => {
    const { schema } = ward;
    await write('0001-one.sql', 'CREATE TABLE one (a int)');
    await migrate(ward.pool, { schema, folder });
    await write('0001-one.sql', 'CREATE TABLE one (a bigint)');
    await expect(migrate(ward.pool, { schema, folder })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      place: 'migration 0001-one.sql',
    });
  });
});

describe('a pool', () => {
  it('gives 64-bit integers as numbers and looks into its schema first', async () => {
    const { rows } = await ward.pool.query(
      'SELECT 9007199254740991::bigint AS n, current_schema() AS schema',
    );
    expect(rows).toEqual([{ n: 9007199254740991, schema: ward.schema }]);
  });

  it('says that the database is away, by query and by connection', async () => {
    const nowhere = createPool('postgres://postgres@127.0.0.1:1/postgres', {
      schema: 'none',
      applicationName: 'spec',
    });
    const away = { code: 'DATABASE_UNAVAILABLE', retriable: true };
    await expect(nowhere.query('SELECT 1')).rejects.toMatchObject(away);
    await expect(nowhere.connect()).rejects.toMatchObject(away);
    await expect(inTransaction(nowhere, () => Promise.resolve())).rejects.toMatchObject(away);
    await nowhere.end();
  });

  it('ends a statement that takes too long', async () => {
    const hasty = createPool(ward.servers.databaseUrl, {
      schema: ward.schema,
      applicationName: 'spec',
      statementTimeoutMs: 50,
    });
    await expect(hasty.query('SELECT pg_sleep(30)')).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      place: 'SQLSTATE 57014',
    });
    await hasty.end();
  });

  it('calls a transaction that stood still and was ended for it one to try again', async () => {
    const hasty = createPool(ward.servers.databaseUrl, {
      schema: ward.schema,
      applicationName: 'spec',
      idleInTransactionMs: 50,
    });
    const untilEnded = inTransaction(hasty, async (tx) => {
      for (;;) {
        // As a stopped process does, it sees nothing of what the server says until it has asked its next question.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
        await tx.query('SELECT 1');
      }
    });
    await expect(untilEnded).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      place: 'SQLSTATE 25P03',
    });
    await hasty.end();
  });

  it('never quotes a value that was refused', async () => {
    const refused = ward.pool.query(`SELECT 'Anna Hansen'::int`);
    const error = await refused.then(
      () => undefined,
      (caught: unknown) => caught as Error,
    );
    expect(error).toMatchObject({ code: 'ROW_REFUSED', place: 'SQLSTATE 22P02' });
    expect(error?.cause).toBeUndefined();
    expect(error?.message).not.toContain('Anna');
  });

  it('survives the loss of a connection that is in use', async () => {
    const lost = inTransaction(ward.pool, async (tx) => {
      const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await ward.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
      await tx.query('SELECT 1');
    });
    await expect(lost).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect((await ward.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('a reader that waits for a position', () => {
  const anna = newPseudonym();
  const bjorn = newPseudonym();
  const wait = (
    positions: Parameters<typeof reachedPositions>[1]['positions'],
    timeoutMs = 5_000,
  ) =>
    reachedPositions(ward.pool, {
      schema: ward.schema,
      projection: 'readings',
      positions,
      timeoutMs,
    });

  it('sees its own write once the wait is over', async () => {
    await ward.start();
    for (let n = 1; n <= 10; n += 1) {
      const position = await ward.record(anna);
      await wait([position]);
      expect(await ward.readings()).toHaveLength(n);
    }
  });

  it('waits for all positions, until the time is over', async () => {
    const reached = await ward.record(anna);
    const running = await ward.start();
    await caughtUp(running);
    await running.close();
    await wait([reached]);
    const beyond = await ward.record(bjorn);
    await expect(wait([reached, beyond], 60)).rejects.toMatchObject({
      code: 'POSITION_NOT_REACHED',
      retriable: true,
    });
  });

  it('is told at once when the projection does not read the partition', async () => {
    await (await ward.start()).close();
    for (const place of [
      { topic: 'lab-results.lab-report.v1', partition: 0 },
      { topic: measurements.topic, partition: 99 },
    ]) {
      await expect(wait([{ ...place, offset: 0 }], 600_000)).rejects.toMatchObject({
        code: 'POSITION_NOT_REACHED',
      });
    }
    await wait([]);
    await expect(wait([{ topic: keyVault.topic, partition: 0, offset: 0 }], 30)).rejects.toThrow();
  });
});
