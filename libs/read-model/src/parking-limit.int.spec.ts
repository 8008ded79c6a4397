import { measurements } from '@samspill/contracts';
import { newPseudonym, type Pseudonym } from '@samspill/kernel';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listCheckpoints } from './list-checkpoints.ts';
import { acceptParking, listParked, listParkingStops } from './parked.ts';
import { startRebuild } from './rebuild.ts';
import { gatesIn, requeueAll } from './sample/gates.ts';
import { mendedReadings, readings } from './sample/projections.ts';
import { caughtUp, eventually, openWard, type Ward } from './sample/ward.ts';
import { wardOfEachTest } from './sample/ward-of-each-test.ts';

let ward: Ward;
wardOfEachTest((opened) => (ward = opened), 1);

const code = 'EVENT_NOT_PROJECTED';
const brisk = { lookForWaitingMs: 5 };
const anna = newPseudonym();

/** So many patients, each with an event that the projection takes and one that it does not. */
const spoilt = async (count: number): Promise<Pseudonym[]> => {
  const patients = Array.from({ length: count }, newPseudonym);
  for (const patient of patients) {
    await ward.record(patient, { value: '1' });
    await ward.record(patient, { value: 'unexpected' });
  }
  return patients;
};
const parkedCount = async (): Promise<number> =>
  (await listParked(ward.pool, { schema: ward.schema, limit: 1_000 })).length;
const stops = () => listParkingStops(ward.pool, { schema: ward.schema });
const accept = (): Promise<number> =>
  acceptParking(ward.pool, {
    ...{ schema: ward.schema, projection: 'readings', code },
    forMinutes: 60,
  });
/** As if all that was parked, and stopped, had been so ten minutes ago. */
const tenMinutesPass = async (): Promise<void> => {
  await ward.pool.query(`UPDATE patient_gate SET changed_at = changed_at - interval '10 minutes'`);
  await ward.pool.query(`UPDATE parking_stop SET stopped_at = stopped_at - interval '10 minutes'`);
};
const stopsTold = (): string[] =>
  ward.logged.filter((line) => line.includes('"held"') && line.includes('PARKING_STOPPED'));

describe('many patients who would be parked with one code', () => {
  it('stop the partition at the tenth: nine are parked, nothing is skipped, and it is told once', async () => {
    const running = await ward.start();
    await spoilt(9);
    await caughtUp(running);
    expect(await parkedCount()).toBe(9);
    await spoilt(1);
    await ward.record(anna);
    await eventually(() => ward.outcomes.get('held') ?? 0).toBeGreaterThan(20);

    expect(await parkedCount()).toBe(9);
    expect((await ward.readings()).filter(({ patient }) => patient === anna)).toEqual([]);
    expect(await stops()).toMatchObject([
      {
        projection: 'readings',
        version: 1,
        topic: measurements.topic,
        partition: 0,
        code,
        catchingUp: false,
        atOffset: 19,
      },
    ]);
    const checkpoints = await listCheckpoints(ward.pool, { schema: ward.schema });
    expect(checkpoints.map(({ heldFor }) => heldFor)).toContain('PARKING_STOPPED');
    expect(stopsTold()).toHaveLength(1);
    expect(stopsTold()[0]).toContain(`${measurements.topic}:0:19, ${code}`);
  });

  it('go on by themselves once the projection is mended, and then nobody more is parked', async () => {
    const patients = await spoilt(15);
    const first = await ward.start();
    await eventually(stops).toHaveLength(1);
    await first.close();
    const second = await ward.start({ projection: mendedReadings });
    await caughtUp(second);
    expect(await parkedCount()).toBe(0);
    expect(await ward.readings()).toHaveLength(2 * patients.length);
    expect(await stops()).toEqual([]);
  });

  it('stay stopped when the minutes are over, also for a process that begins anew', async () => {
    const first = await ward.start();
    await spoilt(9);
    await caughtUp(first);
    await spoilt(1);
    await eventually(stops).toHaveLength(1);
    await tenMinutesPass();
    const heldBefore = ward.outcomes.get('held') ?? 0;
    await eventually(() => ward.outcomes.get('held') ?? 0).toBeGreaterThan(heldBefore + 20);
    await first.close();
    await ward.start();
    await eventually(() => stopsTold().length).toBe(2);
    expect(await parkedCount()).toBe(9);
  });

  it('are parked when an operator says that it is the data', async () => {
    const patients = await spoilt(15);
    const running = await ward.start();
    await eventually(stops).toHaveLength(1);
    expect(await accept()).toBe(1);
    await caughtUp(running);
    expect(await parkedCount()).toBe(15);
    expect((await ward.readings()).map(({ patient }) => patient).sort()).toEqual(patients.sort());
    expect(await stops()).toEqual([]);
  });

  it('are counted anew after what was accepted', async () => {
    await spoilt(15);
    const running = await ward.start();
    await eventually(stops).toHaveLength(1);
    await accept();
    await caughtUp(running);
    await ward.pool.query(`UPDATE parking_accepted SET accepted_until = now()`);
    await spoilt(9);
    await caughtUp(running);
    expect(await parkedCount()).toBe(24);
    await spoilt(1);
    await eventually(stops).toHaveLength(1);
    expect(await parkedCount()).toBe(24);
  });

  it('may come one after the other: five minutes later none counts any more', async () => {
    const running = await ward.start();
    for (let round = 1; round <= 3; round += 1) {
      await spoilt(9);
      await caughtUp(running);
      expect(await parkedCount()).toBe(9 * round);
      await tenMinutesPass();
    }
  });

  it('are counted over all partitions, however these are worked at the same time', async () => {
    ward = await openWard(ward.servers, 4, 3);
    const wide = ward;
    onTestFinished(() => wide.close());
    await spoilt(40);
    await Promise.all([ward.start(), ward.start()]);
    await eventually(stops).toHaveLength(4);
    // One more transaction would have parked three at most, and the tenth among them.
    expect([7, 8, 9]).toContain(await parkedCount());
  });

  it('may have the numbers that the app gives', async () => {
    await spoilt(3);
    await ward.start({ parkingLimit: { patients: 3, withinMinutes: 5 } });
    await eventually(stops).toHaveLength(1);
    expect(await parkedCount()).toBe(0);
  });
});

describe('those who are requeued although nothing was mended', () => {
  it('stop their catching up, not the live stream, and go on once it is mended', async () => {
    const patients = await spoilt(15);
    const first = await ward.start(brisk);
    await eventually(stops).toHaveLength(1);
    await accept();
    await caughtUp(first);
    await ward.pool.query(`DELETE FROM parking_accepted`);
    await tenMinutesPass();
    await requeueAll(ward);
    await eventually(stops).toMatchObject([{ catchingUp: true, code }]);
    await ward.record(anna);
    await caughtUp(first);
    expect(await gatesIn(ward, 'catching-up')).toBe(15);
    expect(await parkedCount()).toBe(0);
    expect((await ward.readings()).filter(({ patient }) => patient === anna)).toHaveLength(1);
    const told = ward.logged.filter((line) => line.includes('catching up is held'));
    expect(told).toHaveLength(1);

    await first.close();
    await ward.start({ ...brisk, projection: mendedReadings });
    await eventually(() => gatesIn(ward, 'catching-up')).toBe(0);
    expect(await parkedCount()).toBe(0);
    expect(await ward.readings()).toHaveLength(2 * patients.length + 1);
    expect(await stops()).toEqual([]);
  });
});

describe('a rebuild', () => {
  it('parks again whom the live version has parked, and is not stopped by them', async () => {
    await spoilt(15);
    const running = await ward.start(brisk);
    await eventually(stops).toHaveLength(1);
    await accept();
    await caughtUp(running);
    await ward.pool.query(`DELETE FROM parking_accepted`);
    await startRebuild(ward.pool, { schema: ward.schema, projection: readings });
    await eventually(parkedCount).toBe(30);
    expect(await stops()).toEqual([]);
  });
});
