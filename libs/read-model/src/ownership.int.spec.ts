import { keyVault, measurements } from '@samspill/contracts';
import { memoryEventLog, type MemoryEventLog } from '@samspill/event-log';
import { SamspillError, newPseudonym } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import { advance, makeCheckpoints, readCheckpoint } from './checkpoint.ts';
import { claim } from './claim.ts';
import type { MaterialiserOptions } from './materialiser.ts';
import { createPool } from './pool.ts';
import type { ProbePoint } from './probe.ts';
import { caughtUp, eventually, openWard, recordsOf, type Ward } from './sample/ward.ts';
import { wardOfEachTest } from './sample/ward-of-each-test.ts';
import { inTransaction } from './transaction.ts';

let ward: Ward;
wardOfEachTest((opened) => (ward = opened), 1);

const anna = newPseudonym();
const topics = { [measurements.topic]: 1, [keyVault.topic]: 1 };

/** A materialiser that stands still at this point of its first batch of measurements, until it goes on. */
async function standingStill(where: ProbePoint, changes: Partial<MaterialiserOptions> = {}) {
  const held = Promise.withResolvers<undefined>();
  const reached = Promise.withResolvers<undefined>();
  const zombie = await ward.start({
    ...changes,
    probe: async (point, { topic }) => {
      if (point !== where || topic !== measurements.topic) return;
      reached.resolve(undefined);
      await held.promise;
    },
  });
  await reached.promise;
  return { zombie, goesOn: () => held.resolve(undefined) };
}

/** Another log object over the same records is another group coordinator: members of both think they own a partition. */
async function twinOfLog(): Promise<MemoryEventLog> {
  const twin = memoryEventLog({ topics, clusterId: await ward.log.clusterId() });
  for (const record of await recordsOf(ward.log, measurements.topic)) twin.append(record);
  return twin;
}

describe('the owner of a partition', () => {
  it('changes nothing any more once a newer one has claimed it', async () => {
    const readModel = { schema: ward.schema, projection: 'readings', version: 1 };
    const target = { pool: ward.pool, eventLog: ward.log, owner: 'spec' };
    const partitions = [{ topic: measurements.topic, partition: 0 }];
    for (let n = 0; n < 5; n += 1) await ward.record(anna);
    await makeCheckpoints(ward.pool, readModel, partitions);
    const [older] = await claim(target, readModel, partitions);
    const [newer] = await claim(target, readModel, partitions);
    if (older === undefined || newer === undefined) throw new Error('not claimed');

    const move = (owned: typeof older, to: number): Promise<number> =>
      inTransaction(ward.pool, (tx) => advance(tx, readModel, owned, to, undefined));
    await expect(move(older, 3)).rejects.toMatchObject({ code: 'PARTITION_FENCED' });
    await move(newer, 2);
    await expect(move(newer, 4)).rejects.toMatchObject({ code: 'CHECKPOINT_GAP' });
    expect(await readCheckpoint(ward.pool, readModel, newer)).toMatchObject({ next: 2 });
  });

  it('that stood still while another took over writes nothing, and the rows are there once', async () => {
    for (let n = 0; n < 30; n += 1) await ward.record(anna, { value: String(n) });
    const { zombie, goesOn } = await standingStill('fetched');
    const successor = await ward.start({ eventLog: await twinOfLog() });
    await caughtUp(successor);
    const epochs = async (): Promise<unknown> =>
      (
        await ward.pool.query(
          `SELECT next_offset, owner_epoch FROM ${ward.schema}.projection_offset WHERE topic = $1`,
          [measurements.topic],
        )
      ).rows;
    expect(await epochs()).toEqual([{ next_offset: 30, owner_epoch: 2 }]);
    await successor.close();
    goesOn();

    // It is fenced, claims again and finds the work done.
    await eventually(epochs).toEqual([{ next_offset: 30, owner_epoch: 3 }]);
    await ward.record(anna, { value: '30' });
    await caughtUp(zombie);
    expect((await ward.readings()).map(({ value }) => Number(value))).toEqual(
      Array.from({ length: 31 }, (_, n) => n),
    );
    expect(ward.outcomes.get('applied')).toBe(31);
  });

  it('that stands still within a transaction lets go of it, and the rows are there once', async () => {
    for (let n = 0; n < 30; n += 1) await ward.record(anna);
    const pool = createPool(ward.servers.databaseUrl, {
      schema: ward.schema,
      applicationName: 'zombie',
      idleInTransactionMs: 100,
    });
    const { zombie, goesOn } = await standingStill('written', { pool });
    const successor = await ward.start({ eventLog: await twinOfLog() });
    await caughtUp(successor);
    expect(await ward.readings()).toHaveLength(30);
    await successor.close();

    goesOn();
    await ward.record(anna);
    await caughtUp(zombie);
    expect(await ward.readings()).toHaveLength(31);
    await zombie.close();
    await pool.end();
  });

  it('shares the partitions of a group, and each row is written once', async () => {
    const wide = await openWard(ward.servers, 4);
    try {
      const patients = Array.from({ length: 12 }, newPseudonym);
      const first = await wide.start();
      await wide.start();
      for (let n = 0; n < 240; n += 1) await wide.record(patients[n % 12] ?? anna);
      await wide.start();
      await caughtUp(first);
      expect(await wide.readings()).toHaveLength(240);
      expect(wide.outcomes.get('applied')).toBe(240);
    } finally {
      await wide.close();
    }
  });
});

describe('a database and a log that do not belong together', () => {
  it('are refused when the log is another one', async () => {
    const running = await ward.start();
    await running.close();
    await expect(ward.start({ eventLog: memoryEventLog({ topics }) })).rejects.toMatchObject({
      code: 'LOG_DATABASE_MISMATCH',
    });
  });

  it('are refused when the log was wiped and has grown beyond the checkpoint again', async () => {
    for (let n = 0; n < 3; n += 1) await ward.record(anna);
    const running = await ward.start();
    await caughtUp(running);
    await running.close();
    const wiped = memoryEventLog({ topics, clusterId: await ward.log.clusterId() });
    const again = memoryEventLog({ topics, clusterId: await ward.log.clusterId() });
    // The very same events, published again: what differs is when they were written.
    for (const record of await recordsOf(ward.log, measurements.topic)) {
      again.append({ ...record, timestampMs: record.timestampMs + 60_000 });
    }
    for (let n = 0; n < 5; n += 1) await ward.record(anna);
    for (const record of (await recordsOf(ward.log, measurements.topic)).slice(3)) {
      wiped.append(record);
    }
    for (const eventLog of [wiped, again]) {
      const other = await ward.start({ eventLog });
      await expect(other.ended).rejects.toMatchObject({
        code: 'LOG_DATABASE_MISMATCH',
        place: `${measurements.topic}:0:2, where the log no longer holds the record that was applied`,
      });
    }
    expect(await ward.readings()).toHaveLength(3);
  });

  it('are refused when the checkpoint lies beyond the end of the log', async () => {
    for (let n = 0; n < 3; n += 1) await ward.record(anna);
    const running = await ward.start();
    await caughtUp(running);
    await running.close();
    const restored = memoryEventLog({ topics, clusterId: await ward.log.clusterId() });
    await expect(ward.start({ eventLog: restored })).rejects.toMatchObject({
      code: 'LOG_DATABASE_MISMATCH',
    });
    expect(await ward.readings()).toHaveLength(3);
  });
});

describe('a checkpoint that moved without the owner', () => {
  it('ends the materialiser: it is a fault of ours', async () => {
    await ward.record(anna);
    const running = await ward.start({
      probe: async (point, { topic }) => {
        if (point !== 'fetched' || topic !== measurements.topic) return;
        await ward.pool.query(
          `UPDATE ${ward.schema}.projection_offset SET next_offset = 7 WHERE topic = $1`,
          [measurements.topic],
        );
      },
    });
    await expect(running.ended).rejects.toMatchObject({ code: 'CHECKPOINT_GAP' });
    expect(await ward.readings()).toEqual([]);
  });
});

describe('a database that lost what it had committed', () => {
  it.each([
    ['under this owner', 'owner_epoch'],
    ['and this owner with it', '0'],
  ])(
    '%s ends the materialiser, and the next one reads the lost records again',
    async (_, epoch) => {
      const { schema, pool } = ward;
      let failovers = 0;
      const running = await ward.start({
        probe: async (point, { from }) => {
          if (point !== 'begun' || from !== 3 || failovers > 0) return;
          failovers += 1;
          // What a standby that lags behind holds when it takes over.
          await pool.query(`DELETE FROM ${schema}.reading WHERE src_offset > 0`);
          await pool.query(
            `UPDATE ${schema}.projection_offset SET next_offset = 1, owner_epoch = ${epoch} WHERE topic = $1`,
            [measurements.topic],
          );
          throw new SamspillError('DATABASE_UNAVAILABLE');
        },
      });
      for (let n = 0; n < 3; n += 1) await ward.record(anna, { value: String(n) });
      await caughtUp(running);
      await ward.record(anna, { value: '3' });
      await expect(running.ended).rejects.toMatchObject({
        code: 'CHECKPOINT_GAP',
        mend: expect.stringContaining('set the database back') as string,
      });

      await caughtUp(await ward.start());
      expect((await ward.readings()).map(({ value }) => value)).toEqual(['0', '1', '2', '3']);
    },
  );
});
