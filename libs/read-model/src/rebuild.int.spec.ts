import type { EventLog } from '@samspill/event-log';
import { describe, expect, it } from 'vitest';
import { discardVersion, startRebuild } from './rebuild.ts';
import { grantClosed, grantOpened } from './sample/events.ts';
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
import { caughtUp, eventually, openWard, type Ward } from './sample/ward.ts';
import { wardOfEachTest } from './sample/ward-of-each-test.ts';
import { switchVersion } from './switch-version.ts';

let ward: Ward;
wardOfEachTest((opened) => (ward = opened));

const patientsOf = (rows: readonly { patient: string }[]) =>
  new Set(rows.map((row) => row.patient));

describe('a rebuild', () => {
  it('builds the next version beside the live one while events stream, and readers are led to it', async () => {
    await recordInTurn(ward, 200);
    const running = await ward.start();
    await caughtUp(running);
    const before = await ward.readings();

    const version = await startRebuild(ward.pool, targetOf(ward));
    await recordInTurn(ward, 100);
    await built(ward, version);
    await recordInTurn(ward, 20);
    const switched = await switchVersion(ward.pool, targetOf(ward));
    await recordInTurn(ward, 30);
    await caughtUp(running);

    expect(switched).toMatchObject({ from: 1, to: 2 });
    expect(switched.compared).toMatchObject([{ table: 'reading', differingBuckets: [] }]);
    expect(await shownBy(ward)).toBe('reading_v2');
    const after = await ward.readings();
    expect(after).toHaveLength(350);
    expect(after).toEqual(expect.arrayContaining(before));
    expect(await statesOf(ward)).toMatchObject([
      { version: 1, state: 'former' },
      { version: 2, state: 'live', step: '' },
    ]);
    await built(ward, 1);
    expect(await rowsOf(ward, 1)).toEqual(after);
  });

  it('has the keys, constraints and indexes of the live version once readers see it', async () => {
    const structure = async (version: number): Promise<unknown> =>
      (
        await ward.pool.query(
          `SELECT replace(pg_get_constraintdef(oid), $1, '') AS is FROM pg_constraint WHERE conrelid = $1::regclass
           UNION ALL
           SELECT substring(indexdef FROM ' USING .*') FROM pg_indexes
            WHERE schemaname || '.' || tablename = $1
           UNION ALL
           SELECT attname || format_type(atttypid, atttypmod) || attnotnull FROM pg_attribute
            WHERE attrelid = $1::regclass AND attnum > 0 ORDER BY 1`,
          [`${ward.schema}.reading_v${version}`],
        )
      ).rows;
    await ward.pool.query('CREATE UNIQUE INDEX ON reading_v1 (measurement_id, src_offset)');
    await ward.pool.query("CREATE INDEX ON reading_v1 (measured_at DESC) WHERE note <> ''");
    await ward.start();
    const version = await startRebuild(ward.pool, targetOf(ward));
    expect(await structure(version)).not.toEqual(await structure(1));
    await built(ward, version);
    await switchVersion(ward.pool, targetOf(ward));
    expect(await structure(version)).toEqual(await structure(1));
  });

  it('is followed by every instance, and shared between them', async () => {
    const wide = await openWard(ward.servers, 4);
    try {
      const instances = [await wide.start(), await wide.start(), await wide.start()];
      for (let n = 0; n < 400; n += 1) await wide.record(patients[n % patients.length] ?? anna);
      const version = await startRebuild(wide.pool, targetOf(wide));
      await built(wide, version);
      await instances[0]?.close();
      for (let n = 0; n < 100; n += 1) await wide.record(patients[n % patients.length] ?? anna);
      await built(wide, version);
      await switchVersion(wide.pool, targetOf(wide));
      for (const one of instances.slice(1)) await caughtUp(one);
      expect(await wide.readings()).toHaveLength(500);
    } finally {
      await wide.close();
    }
  });

  it('is one at a time, also when it is ordered many times at once', async () => {
    await ward.start();
    const orders = Array.from({ length: 5 }, () => startRebuild(ward.pool, targetOf(ward)));
    const outcomes = await Promise.allSettled(orders);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(4);
    expect(refused).toMatchObject(Array(4).fill({ reason: { code: 'VERSION_STATE_WRONG' } }));
    expect(await statesOf(ward)).toMatchObject([{ version: 1 }, { version: 2, state: 'building' }]);
  });

  it('discards the version before the live one', async () => {
    await ward.start();
    await startRebuild(ward.pool, targetOf(ward));
    await built(ward, 2);
    await switchVersion(ward.pool, targetOf(ward));
    await startRebuild(ward.pool, targetOf(ward));
    expect(await statesOf(ward)).toMatchObject([
      { version: 2, state: 'live' },
      { version: 3, state: 'building' },
    ]);
    await expect(rowsOf(ward, 1)).rejects.toThrow(/does not exist/);
  });
});

describe('a version that was discarded', () => {
  it('leaves nothing behind, and its number is not used again, while the live one goes on', async () => {
    await recordInTurn(ward, 100);
    const followed = new Set<string>();
    const subscribe: EventLog['subscribe'] = async (subscription) => {
      const one = await ward.log.subscribe(subscription);
      followed.add(subscription.group);
      const left = () => followed.delete(subscription.group);
      void one.ended.then(left, left);
      return one;
    };
    const running = await ward.start({ eventLog: { ...ward.log, subscribe } });
    ward.append(grantClosed(bjorn));
    await startRebuild(ward.pool, targetOf(ward));
    await built(ward, 2);
    expect(followed.size).toBe(2);
    await discardVersion(ward.pool, { ...targetOf(ward), version: 2 });
    await recordInTurn(ward, 100);
    await caughtUp(running);

    const kept = async (table: string): Promise<unknown> =>
      (await ward.pool.query(`SELECT DISTINCT version FROM ${ward.schema}.${table}`)).rows;
    await eventually(() => [...followed]).toEqual(['ward.readings']);
    expect(await kept('projection_offset')).toEqual([{ version: 1 }]);
    expect(await kept('patient_gate')).toEqual([{ version: 1 }]);
    expect(patientsOf(await ward.readings())).toEqual(new Set(patients.filter((p) => p !== bjorn)));
    expect(await startRebuild(ward.pool, targetOf(ward))).toBe(3);
    await built(ward, 3);
    expect(await rowsOf(ward, 3)).toEqual(await ward.readings());
  });

  it('ends nothing when readers had been led from it a moment before, and events stream', async () => {
    await recordInTurn(ward, 20);
    const running = await ward.start();
    for (let version = 2; version < 5; version += 1) {
      expect(await startRebuild(ward.pool, targetOf(ward))).toBe(version);
      await built(ward, version);
      await switchVersion(ward.pool, targetOf(ward));
      await discardVersion(ward.pool, { ...targetOf(ward), version: version - 1 });
      await recordInTurn(ward, 20);
    }
    await caughtUp(running);
    expect(running.isAlive()).toBe(true);
    expect(await ward.readings()).toHaveLength(80);
  });

  it('is never the live one, nor one that is not there', async () => {
    await ward.start();
    for (const version of [1, 2]) {
      await expect(discardVersion(ward.pool, { ...targetOf(ward), version })).rejects.toMatchObject(
        { code: 'VERSION_STATE_WRONG' },
      );
    }
    expect(await ward.readings()).toEqual([]);
  });
});

describe('patients who are closed or erased', () => {
  it('do not come back by a rebuild, and who was opened again is there in full', async () => {
    const [shredded, closed, reopened] = patients as [typeof anna, typeof anna, typeof anna];
    await recordInTurn(ward, 60);
    const running = await ward.start();
    await caughtUp(running);
    ward.shred(shredded);
    ward.append(grantClosed(closed), grantClosed(reopened), grantOpened(reopened));
    await caughtUp(running);
    await recordInTurn(ward, 60);
    await caughtUp(running);
    const whole = (): Promise<number> =>
      ward.readings().then((rows) => rows.filter(({ patient }) => patient === reopened).length);
    await eventually(whole).toBe(20);

    await startRebuild(ward.pool, targetOf(ward));
    await built(ward, 2);
    await switchVersion(ward.pool, targetOf(ward));
    const rows = await ward.readings();
    expect(rows.filter(({ patient }) => patient === closed)).toEqual([]);
    const versionsOfShredded = rows.filter(({ patient }) => patient === shredded);
    expect(versionsOfShredded.map(({ key_version }) => key_version)).toEqual(Array(10).fill(2));
    expect(await whole()).toBe(20);
    expect(rows).toEqual(await rowsOf(ward, 1));
  });

  it('while it is being built, are gone from both versions', async () => {
    await recordInTurn(ward, 300);
    const running = await ward.start();
    await caughtUp(running);
    const version = await startRebuild(ward.pool, targetOf(ward));
    await eventually(async () => (await rowsOf(ward, version)).length).toBeGreaterThan(0);
    ward.append(grantClosed(anna));
    ward.shred(bjorn);
    await recordInTurn(ward, 60);
    await built(ward, version);
    await caughtUp(running);
    await built(ward, version);
    for (const rows of [await ward.readings(), await rowsOf(ward, version)]) {
      expect(rows.filter(({ patient }) => patient === anna)).toEqual([]);
      const bjorns = rows.filter(({ patient }) => patient === bjorn);
      expect(bjorns.every(({ key_version }) => key_version === 2)).toBe(true);
      expect(rows.length).toBe(4 * 60 + 10);
    }
  });

  it('are known to a version before it reads the first event', async () => {
    ward.append(grantClosed(anna));
    await recordInTurn(ward, 60);
    const running = await ward.start();
    await caughtUp(running);
    const opened: string[] = [];
    const seen = await ward.start({
      keys: {
        ...ward.keys,
        openingKeys: (product, wanted) => {
          opened.push(...wanted.map(({ patient }) => patient));
          return ward.keys.openingKeys(product, wanted);
        },
      },
    });
    await running.close();
    await startRebuild(ward.pool, targetOf(ward));
    await built(ward, 2);
    expect(opened).toContain(bjorn);
    expect(opened).not.toContain(anna);
    await caughtUp(seen);
  });
});

describe('a version beside the live one that dies', () => {
  it('does not end the live one, and goes on once what was wrong is mended', async () => {
    await recordInTurn(ward, 50);
    const running = await ward.start();
    await caughtUp(running);
    await startRebuild(ward.pool, targetOf(ward));
    await ward.pool.query('ALTER TABLE reading_v2 RENAME COLUMN note TO lost');
    await eventually(() => ward.logged.some((line) => line.includes('version died'))).toBe(true);
    await recordInTurn(ward, 50);
    await caughtUp(running);
    expect(await ward.readings()).toHaveLength(100);
    await ward.pool.query('ALTER TABLE reading_v2 RENAME COLUMN lost TO note');
    await built(ward, 2);
    expect(await rowsOf(ward, 2)).toEqual(await ward.readings());
  });
});
