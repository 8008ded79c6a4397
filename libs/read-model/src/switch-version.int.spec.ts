import { newPseudonym, type Pseudonym } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import { createPool } from './pool.ts';
import { reachedPositions } from './reached-positions.ts';
import { startRebuild } from './rebuild.ts';
import { dyingPool } from './sample/dying-pool.ts';
import {
  anna,
  bjorn,
  built,
  patients,
  recordInTurn,
  rowsOf,
  shownBy,
  statesOf,
  targetOf,
} from './sample/versions.ts';
import { caughtUp, eventually, type Ward } from './sample/ward.ts';
import { wardOfEachTest } from './sample/ward-of-each-test.ts';
import { rollBack, switchVersion } from './switch-version.ts';
import { inTransaction } from './transaction.ts';

let ward: Ward;
wardOfEachTest((opened) => (ward = opened));

/** Sixty events, live and in a second version. */
const twoVersions = async () => {
  await recordInTurn(ward, 60);
  const running = await ward.start();
  await caughtUp(running);
  await startRebuild(ward.pool, targetOf(ward));
  await built(ward, 2);
  return running;
};
const change = (sql: string, values?: unknown[]) => ward.pool.query(sql, values);
const setGate = (version: number, patient: Pseudonym, state: string) =>
  change(
    `INSERT INTO patient_gate (projection, version, patient, state, from_offset, reason, position)
     VALUES ('readings', $1, $2, $3, 0, 'spec', '')`,
    [version, patient, state],
  );

describe('the check before a switch', () => {
  it.each([
    ['a value that was changed', 'UPDATE reading_v1 SET value = 7 WHERE event_id = $1'],
    ['a row that is missing', 'DELETE FROM reading_v1 WHERE event_id = $1'],
    [
      'a row of another patient',
      `UPDATE reading_v1 SET patient = '${newPseudonym()}' WHERE event_id = $1`,
    ],
    ['a text that differs in a space', `UPDATE reading_v1 SET note = ' ' WHERE event_id = $1`],
  ])('finds %s and refuses, and the switch mends it once that is accepted', async (_, sql) => {
    await twoVersions();
    const right = await ward.readings();
    await change(sql, [right[7]?.event_id]);

    const refusal = await switchVersion(ward.pool, targetOf(ward)).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'VERSIONS_DIFFER',
      place: expect.stringMatching(/reading with \d+ and 60 rows in [12] of 256 buckets/) as string,
    });
    expect(await shownBy(ward)).toBe('reading_v1');
    expect(await statesOf(ward)).toMatchObject([
      { state: 'live' },
      { state: 'building', step: 'refused: VERSIONS_DIFFER' },
    ]);

    await switchVersion(ward.pool, { ...targetOf(ward), acceptDifferences: true });
    expect(await ward.readings()).toEqual(right);
  });

  it('leaves out whose gate is not open in both', async () => {
    await twoVersions();
    await change('DELETE FROM reading_v1 WHERE patient = $1', [anna]);
    await change('DELETE FROM reading_v2 WHERE patient = $1', [bjorn]);
    await setGate(1, anna, 'withheld');
    await setGate(2, bjorn, 'withheld');
    const { compared } = await switchVersion(ward.pool, targetOf(ward));
    expect(compared).toEqual([{ table: 'reading', rows: [40, 40], differingBuckets: [] }]);
  });

  it('lets nobody vanish: who catches up is waited for, who is parked must be accepted', async () => {
    // So that nobody is caught up meanwhile.
    await recordInTurn(ward, 60);
    await caughtUp(await ward.start({ lookForWaitingMs: 3_600_000 }));
    await startRebuild(ward.pool, targetOf(ward));
    await built(ward, 2);
    await setGate(2, anna, 'catching-up');
    await expect(switchVersion(ward.pool, targetOf(ward))).rejects.toMatchObject({
      code: 'VERSIONS_APART',
    });
    await change(`UPDATE patient_gate SET state = 'parked'`);
    await expect(switchVersion(ward.pool, targetOf(ward))).rejects.toMatchObject({
      code: 'VERSIONS_DIFFER',
    });
    expect(await shownBy(ward)).toBe('reading_v1');
    await setGate(1, anna, 'parked');
    await switchVersion(ward.pool, targetOf(ward));
    expect(await shownBy(ward)).toBe('reading_v2');
  });
});

describe('a switch', () => {
  it('stops nothing while the version is far behind', async () => {
    const running = await twoVersions();
    await change(`UPDATE projection_offset SET next_offset = 100000 WHERE version = 1`);
    await expect(switchVersion(ward.pool, targetOf(ward))).rejects.toMatchObject({
      code: 'VERSIONS_APART',
      retriable: true,
    });
    const { rowCount } = await change('SELECT FROM projection_offset WHERE stop_at IS NOT NULL');
    expect(rowCount).toBe(0);
    await running.close();
  });

  it('is refused while there is nothing to switch to, and while another one is under way', async () => {
    await ward.start();
    const order = () => switchVersion(ward.pool, targetOf(ward));
    await expect(order()).rejects.toMatchObject({ code: 'VERSION_STATE_WRONG' });
    await expect(rollBack(ward.pool, targetOf(ward))).rejects.toMatchObject({
      code: 'VERSION_STATE_WRONG',
    });
    await startRebuild(ward.pool, targetOf(ward));
    await built(ward, 2);
    const outcomes = await Promise.allSettled([order(), order(), order()]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await shownBy(ward)).toBe('reading_v2');
  });

  it('waits for a reader with a long transaction, not for ever, and then leaves all as it was', async () => {
    const running = await twoVersions();
    await inTransaction(ward.pool, async (reader) => {
      await reader.query('SELECT count(*) FROM reading');
      await expect(switchVersion(ward.pool, targetOf(ward))).rejects.toMatchObject({
        code: 'DATABASE_UNAVAILABLE',
        place: expect.stringContaining('a long transaction reads') as string,
      });
      await recordInTurn(ward, 10);
      await caughtUp(running);
    });
    expect(await ward.readings()).toHaveLength(70);
    await built(ward, 2);
    await switchVersion(ward.pool, targetOf(ward));
    expect(await ward.readings()).toHaveLength(70);
  });

  it('and one back lead to every event, also those that came in between', async () => {
    const running = await twoVersions();
    await switchVersion(ward.pool, targetOf(ward));
    await recordInTurn(ward, 30);
    await built(ward, 1);
    expect(await rollBack(ward.pool, targetOf(ward))).toEqual({ from: 2, to: 1 });
    expect(await shownBy(ward)).toBe('reading_v1');
    await recordInTurn(ward, 30);
    await caughtUp(running);
    expect(await ward.readings()).toHaveLength(120);
    await built(ward, 2);
    await rollBack(ward.pool, targetOf(ward));
    expect(await shownBy(ward)).toBe('reading_v2');
    expect(await ward.readings()).toHaveLength(120);
    expect(await rowsOf(ward, 1)).toEqual(await ward.readings());
  });

  it('shows to nobody less than before, nor less than Samspill-After names, however often it goes to and fro', async () => {
    await twoVersions();
    await switchVersion(ward.pool, targetOf(ward));
    let over = false;
    let reads = 0;
    const reader = async (patient: Pseudonym): Promise<void> => {
      let seen = 0;
      while (!over) {
        const positions = [await ward.record(patient)];
        const wanted = {
          schema: ward.schema,
          projection: 'readings',
          positions,
          timeoutMs: 20_000,
        };
        await reachedPositions(ward.pool, wanted);
        const { rows } = await ward.pool.query<{ count: number; last: number }>(
          'SELECT count(*), max(src_offset) AS last FROM reading WHERE patient = $1',
          [patient],
        );
        expect(rows[0]?.last).toBeGreaterThanOrEqual(positions[0]?.offset ?? Infinity);
        expect(rows[0]?.count).toBeGreaterThan(seen);
        seen = rows[0]?.count ?? 0;
        reads += 1;
      }
    };
    const readers = Promise.all(patients.slice(0, 3).map(reader));
    for (let n = 0; n < 6; n += 1) {
      const before = reads;
      await rollBack(ward.pool, targetOf(ward));
      await eventually(() => reads).toBeGreaterThan(before + 5);
    }
    over = true;
    await readers;
    await built(ward, 1);
    await built(ward, 2);
    expect(await rowsOf(ward, 1)).toEqual(await rowsOf(ward, 2));
  });
});

describe('a switch whose process is killed', () => {
  it('at any of its statements leaves readers with a whole version, and can be ordered again', async () => {
    const running = await twoVersions();
    const target = { ...targetOf(ward), standMaxMs: 300 };
    let statements: readonly string[] = [];
    for (let last = 1; ; last += 1) {
      const own = createPool(ward.servers.databaseUrl, {
        schema: ward.schema,
        max: 4,
        applicationName: `dying-${ward.schema}`,
      });
      const dying = dyingPool(own, last);
      const ending = await switchVersion(dying.pool, target).catch((error: unknown) => error);
      statements = dying.sent;
      await own.end().catch(() => undefined);
      if (!(ending instanceof Error)) break;

      await recordInTurn(ward, 2);
      await caughtUp(running);
      const states = (await statesOf(ward)).map(({ state }) => state);
      const isSwitched = (await shownBy(ward)) === 'reading_v2';
      expect(states).toEqual(isSwitched ? ['former', 'live'] : ['live', 'building']);
      if (isSwitched) break;
      await built(ward, 2);
      // PostgreSQL may not have seen yet that the connection broke off.
      const left = () =>
        change('SELECT FROM pg_stat_activity WHERE application_name = $1', [
          `dying-${ward.schema}`,
        ]);
      await eventually(async () => (await left()).rowCount).toBe(0);
    }
    expect(statements.length).toBeGreaterThan(15);
    expect(await shownBy(ward)).toBe('reading_v2');
    await caughtUp(running);
    await built(ward, 1);
    expect(await rowsOf(ward, 1)).toEqual(await rowsOf(ward, 2));
  }, 240_000);
});
