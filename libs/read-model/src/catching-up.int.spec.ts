import { measurements } from '@samspill/contracts';
import type { EventLog, ReadFrom } from '@samspill/event-log';
import { SamspillError, newPseudonym, type Pseudonym } from '@samspill/kernel';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { MaterialiserOptions, RunningMaterialiser } from './materialiser.ts';
import { listCheckpoints } from './list-checkpoints.ts';
import type { Probe } from './probe.ts';
import { cutConnections } from './sample/connections.ts';
import { grantClosed, grantOpened, recorded, wire } from './sample/events.ts';
import { requeueAll } from './sample/gates.ts';
import { mendedReadings } from './sample/projections.ts';
import { shownPatients } from './shown-patients.ts';
import { caughtUp, eventually, openWard, type Ward } from './sample/ward.ts';
import { wardOfEachTest } from './sample/ward-of-each-test.ts';

let ward: Ward;
wardOfEachTest((opened) => (ward = opened), 1);

const anna = newPseudonym();
const bjorn = newPseudonym();
/** Chunks of few records, looked for at once. */
const brisk = {
  lookForWaitingMs: 5,
  catchUpSizes: { recordsMax: 10, lookedAtMax: 1_000, nearRecords: 10, notedEvery: 10 },
} satisfies Partial<MaterialiserOptions>;

const valuesOf = async (patient: Pseudonym): Promise<string[]> =>
  (await ward.readings()).filter((row) => row.patient === patient).map(({ value }) => value);
const stateOf = async (patient: Pseudonym): Promise<string | undefined> =>
  (await ward.gate(patient))?.state;
const positionOf = async (patient: Pseudonym): Promise<string | undefined> =>
  (
    await ward.pool.query<{ position: string }>(
      `SELECT position FROM patient_gate WHERE patient = $1`,
      [patient],
    )
  ).rows[0]?.position;
const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, n) => String(from + n));
const recordAll = async (patient: Pseudonym, values: readonly string[]): Promise<void> => {
  for (const value of values) await ward.record(patient, { value });
};
const shown = () =>
  shownPatients(ward.pool, { schema: ward.schema, projection: 'readings' }, [anna, bjorn]);

/** Stops the chunk of catching up with this number, from 1, before it has locked anything. */
const stopAtChunk = (number: number) => {
  const reached = Promise.withResolvers<undefined>();
  const released = Promise.withResolvers<undefined>();
  let chunks = 0;
  const probe: Probe = async (point, { isBehind }) => {
    if (isBehind !== true || point !== 'begun') return;
    chunks += 1;
    if (chunks !== number) return;
    reached.resolve(undefined);
    await released.promise;
  };
  return { probe, reached: reached.promise, release: () => released.resolve(undefined) };
};

/** A log that counts what is opened to catch up, and is away for so many times first. */
const watched = (away = 0): { readonly eventLog: EventLog; readonly opened: ReadFrom[] } => {
  const opened: ReadFrom[] = [];
  let left = away;
  const reader: EventLog['reader'] = (what) => {
    opened.push(what);
    left -= 1;
    return left >= 0
      ? Promise.reject(new SamspillError('EVENT_LOG_UNAVAILABLE'))
      : ward.log.reader(what);
  };
  return { eventLog: { ...ward.log, reader }, opened };
};

/** Anna has 50 values and was closed; now that her grant opens again she catches up in five chunks or more. */
const opensAgain = async (
  changes: Partial<MaterialiserOptions> = {},
): Promise<RunningMaterialiser> => {
  await recordAll(anna, range(0, 50));
  ward.append(grantClosed(anna));
  const running = await ward.start({ ...brisk, ...changes });
  await caughtUp(running);
  ward.append(grantOpened(anna));
  return running;
};

describe('a grant that opens again', () => {
  it('brings back all that the patient missed, and what follows', async () => {
    const running = await ward.start(brisk);
    await recordAll(anna, range(0, 30));
    await caughtUp(running);
    ward.append(grantClosed(anna));
    await caughtUp(running);
    await recordAll(anna, range(30, 60));
    await recordAll(bjorn, range(0, 10));
    await caughtUp(running);
    expect(await valuesOf(anna)).toEqual([]);

    ward.append(grantOpened(anna));
    await eventually(() => stateOf(anna)).toBe('open');
    await recordAll(anna, range(60, 70));
    await caughtUp(running);
    expect(await valuesOf(anna)).toEqual(range(0, 70));
    const told = ward.logged.join();
    expect(told).toContain('caught up');
    expect(told).not.toContain(anna);
    expect(await valuesOf(bjorn)).toEqual(range(0, 10));
  });

  it('shows the patient to readers when all is there, not a part of it', async () => {
    const { probe, reached, release } = stopAtChunk(3);
    await opensAgain({ probe });
    await reached;
    expect(await valuesOf(anna)).toEqual(range(0, 20));
    expect(await shown()).toEqual({ shown: [bjorn], missing: [], isIncomplete: false });
    release();
    await eventually(() => stateOf(anna)).toBe('open');
    expect(await shown()).toEqual({ shown: [anna, bjorn], missing: [], isIncomplete: false });
  });

  it('opens the gate of a patient of whom the log holds nothing', async () => {
    ward.append(grantClosed(anna), grantOpened(anna));
    const running = await ward.start(brisk);
    await eventually(() => stateOf(anna)).toBe('open');
    await ward.record(anna);
    await caughtUp(running);
    expect(await ward.readings()).toHaveLength(1);
  });

  it('reads once for all who wait on a partition', async () => {
    const patients = Array.from({ length: 20 }, newPseudonym);
    for (const patient of patients) await recordAll(patient, range(0, 5));
    const { eventLog, opened } = watched();
    const hour = 3_600_000;
    const first = await ward.start({ lookForWaitingMs: hour });
    await caughtUp(first);
    ward.append(
      ...patients.map((one) => grantClosed(one)),
      ...patients.map((one) => grantOpened(one)),
    );
    await caughtUp(first);
    await first.close();
    await ward.start({ ...brisk, eventLog });
    for (const patient of patients) await eventually(() => stateOf(patient)).toBe('open');
    expect(await ward.readings()).toHaveLength(100);
    expect(opened).toEqual([
      { topic: measurements.topic, partition: 0, from: 0, name: 'ward.readings.catching-up' },
    ]);
  });

  it.each([
    { notedEvery: 1, notes: 'for all', from: [20, 20, 20, 20, 20, 20] },
    {
      notedEvery: 10,
      notes: 'for those who have records in a chunk',
      from: [10, 10, 20, 20, 0, 0],
    },
  ])('notes progress $notes, with $notedEvery records each', async ({ notedEvery, from }) => {
    const patients = Array.from({ length: 6 }, newPseudonym);
    for (const patient of patients) await recordAll(patient, range(0, 5));
    for (const patient of patients) ward.append(grantClosed(patient));
    const first = await ward.start({ lookForWaitingMs: 3_600_000 });
    await caughtUp(first);
    ward.append(...patients.map((one) => grantOpened(one)));
    await caughtUp(first);
    await first.close();

    const { probe, reached, release } = stopAtChunk(3);
    const catchUpSizes = { ...brisk.catchUpSizes, notedEvery };
    await ward.start({ ...brisk, catchUpSizes, probe });
    await reached;
    const fromOf = async (patient: Pseudonym): Promise<number | undefined> =>
      (await ward.gate(patient))?.from_offset;
    expect(await Promise.all(patients.map(fromOf))).toEqual(from);
    release();
    for (const patient of patients) {
      await eventually(() => stateOf(patient)).toBe('open');
      expect(await valuesOf(patient)).toEqual(range(0, 5));
    }
  });

  it('does not stop the live stream of others, and is brought to an end while it goes on', async () => {
    const { probe, reached, release } = stopAtChunk(1);
    const running = await opensAgain({ probe });
    await reached;
    await recordAll(bjorn, range(0, 30));
    await caughtUp(running);
    expect(await valuesOf(bjorn)).toEqual(range(0, 30));
    expect(await valuesOf(anna)).toEqual([]);

    release();
    let streamed = 30;
    while ((await stateOf(anna)) !== 'open') {
      await ward.record(bjorn, { value: String(streamed) });
      streamed += 1;
    }
    await caughtUp(running);
    expect(await valuesOf(anna)).toEqual(range(0, 50));
    expect(await valuesOf(bjorn)).toEqual(range(0, streamed));
  });
});

describe('a patient who is requeued', () => {
  it('goes on from the rejected record once the projection is mended', async () => {
    const first = await ward.start(brisk);
    await recordAll(anna, ['1', '2', 'unexpected', '4']);
    await caughtUp(first);
    await first.close();
    expect(await stateOf(anna)).toBe('parked');
    const { eventLog, opened } = watched();
    const second = await ward.start({ ...brisk, eventLog, projection: mendedReadings });
    await caughtUp(second);
    expect(await stateOf(anna)).toBe('parked');

    expect(await requeueAll(ward)).toBe(1);
    await eventually(() => stateOf(anna)).toBe('open');
    expect(await valuesOf(anna)).toEqual(['1', '2', '0', '4']);
    expect(opened.map(({ from }) => from)).toEqual([2]);
  });

  it('is parked again where nothing was mended, and nobody else with her', async () => {
    const running = await ward.start(brisk);
    await recordAll(anna, ['1', 'unexpected', '3']);
    await recordAll(bjorn, ['1', '2']);
    await caughtUp(running);
    ward.append(grantClosed(bjorn), grantOpened(bjorn));
    await requeueAll(ward);
    await eventually(() => stateOf(bjorn)).toBe('open');
    await eventually(() => ward.gate(anna)).toEqual({
      state: 'parked',
      reason: 'EVENT_NOT_PROJECTED',
      from_offset: 1,
    });
    expect(await valuesOf(anna)).toEqual(['1']);
    expect(await valuesOf(bjorn)).toEqual(['1', '2']);
  });

  it('begins anew when what parked her may have been an order to stop', async () => {
    const running = await ward.start(brisk);
    await recordAll(anna, range(0, 5));
    await caughtUp(running);
    const order = grantClosed(anna);
    ward.append({ ...order, value: order.value.subarray(0, 20) });
    await caughtUp(running);
    expect(await ward.gate(anna)).toMatchObject({ state: 'parked', from_offset: 0 });
    // What the unreadable record said: the vault has not forgotten it.
    ward.keys.shred(measurements.name, anna);
    await requeueAll(ward);
    await eventually(() => stateOf(anna)).toBe('open');
    expect(await valuesOf(anna)).toEqual([]);
  });

  it('is not shown in part when she begins anew, and readers are told so', async () => {
    const { probe, reached, release } = stopAtChunk(3);
    const running = await ward.start({ ...brisk, probe });
    await recordAll(anna, range(0, 50));
    await recordAll(bjorn, ['1', 'unexpected']);
    const order = grantClosed(anna);
    ward.append({ ...order, value: order.value.subarray(0, 20) });
    await eventually(() => stateOf(anna)).toBe('parked');
    await caughtUp(running);
    expect(await shown()).toEqual({ shown: [anna, bjorn], missing: [], isIncomplete: true });
    await requeueAll(ward);
    await reached;
    expect(await valuesOf(anna)).toEqual(range(0, 20));
    expect(await shown()).toEqual({ shown: [bjorn], missing: [anna], isIncomplete: true });
    release();
    await eventually(() => stateOf(anna)).toBe('open');
    expect(await valuesOf(anna)).toEqual(range(0, 50));
    // He is parked again.
    expect(await shown()).toEqual({ shown: [anna, bjorn], missing: [], isIncomplete: true });
  });
});

describe('while a patient is caught up', () => {
  it('a closing takes back what was brought already, and the rest does not come', async () => {
    const { probe, reached, release } = stopAtChunk(3);
    const running = await opensAgain({ probe });
    await reached;
    expect(await valuesOf(anna)).toEqual(range(0, 20));
    ward.append(grantClosed(anna));
    await eventually(() => stateOf(anna)).toBe('withheld');
    release();
    await ward.record(bjorn);
    await caughtUp(running);
    await running.close();
    expect(await valuesOf(anna)).toEqual([]);
    expect(await stateOf(anna)).toBe('withheld');
  });

  it('a closing and an opening make it begin anew, so that no hole is left', async () => {
    const { probe, reached, release } = stopAtChunk(3);
    await opensAgain({ probe });
    await reached;
    const before = await positionOf(anna);
    ward.append(grantClosed(anna), grantOpened(anna));
    await eventually(() => positionOf(anna)).not.toBe(before);
    expect(await ward.gate(anna)).toMatchObject({ state: 'catching-up', from_offset: 0 });
    release();
    await eventually(() => stateOf(anna)).toBe('open');
    expect(await valuesOf(anna)).toEqual(range(0, 50));
  });

  it('a shred takes what it brought under that key, and no more of it comes', async () => {
    const { probe, reached, release } = stopAtChunk(3);
    const running = await opensAgain({ probe });
    await reached;
    ward.shred(anna);
    await recordAll(anna, range(50, 55));
    await caughtUp(running);
    release();
    await eventually(() => stateOf(anna)).toBe('open');
    expect(await valuesOf(anna)).toEqual(range(50, 55));
  });

  it('a key that the vault withholds closes the gate again', async () => {
    const { probe, reached, release } = stopAtChunk(3);
    await opensAgain({ probe });
    await reached;
    ward.keys.withhold(measurements.name, anna);
    release();
    await eventually(() => ward.gate(anna)).toMatchObject({
      state: 'withheld',
      reason: 'key withheld',
      from_offset: 0,
    });
    expect(await valuesOf(anna)).toEqual([]);
  });

  it('a requeue of another one is not lost', async () => {
    await recordAll(bjorn, ['1', 'unexpected', '3']);
    const first = await ward.start();
    await caughtUp(first);
    await first.close();
    const { probe, reached, release } = stopAtChunk(3);
    await opensAgain({ probe, projection: mendedReadings });
    await reached;
    await requeueAll(ward);
    release();
    await eventually(() => stateOf(anna)).toBe('open');
    await eventually(() => stateOf(bjorn)).toBe('open');
    expect(await valuesOf(anna)).toEqual(range(0, 50));
    expect(await valuesOf(bjorn)).toEqual(['1', '0', '3']);
  });

  it('another instance takes the partition over and goes on where the first one stood', async () => {
    const { probe, reached, release } = stopAtChunk(3);
    const first = await opensAgain({ probe });
    await reached;
    expect((await ward.gate(anna))?.from_offset).toBe(20);
    const { eventLog, opened } = watched();
    // The group deals its one partition to whoever was there first: so that one has to go, which waits for its chunk.
    const closing = first.close();
    release();
    await closing;
    await ward.start({ ...brisk, eventLog });
    await eventually(() => stateOf(anna)).toBe('open');
    expect(await valuesOf(anna)).toEqual(range(0, 50));
    expect(opened[0]?.from).toBeGreaterThanOrEqual(20);
  });

  it('a newer owner fences the older one, which writes nothing more', async () => {
    const { probe, reached, release } = stopAtChunk(3);
    await opensAgain({ probe });
    await reached;
    await ward.pool.query(`UPDATE projection_offset SET owner_epoch = owner_epoch + 1`);
    release();
    await eventually(() => ward.logged.join()).toContain('PARTITION_FENCED');
    expect(await valuesOf(anna)).toEqual(range(0, 20));
    // The live stream meets the newer owner too, and claims the partition again.
    await ward.record(bjorn);
    await eventually(() => stateOf(anna)).toBe('open');
    expect(await valuesOf(anna)).toEqual(range(0, 50));
  });
});

describe('what has failed holds those who catch up, and parks nobody', () => {
  const told = (code: string) =>
    eventually(() =>
      ward.logged.filter((line) => line.includes('catching up is held')).join(),
    ).toContain(code);

  it('while the key vault is away', async () => {
    const { probe, reached, release } = stopAtChunk(3);
    await opensAgain({ probe });
    await reached;
    ward.keys.away(true);
    release();
    await told('KEY_VAULT_UNAVAILABLE');
    expect((await ward.gate(anna))?.state).toBe('catching-up');
    ward.keys.away(false);
    await eventually(() => stateOf(anna)).toBe('open');
    expect(await valuesOf(anna)).toEqual(range(0, 50));
  });

  it('while the log is away', async () => {
    const { eventLog, opened } = watched(3);
    await opensAgain({ eventLog });
    await told('EVENT_LOG_UNAVAILABLE');
    await eventually(() => stateOf(anna)).toBe('open');
    expect(await valuesOf(anna)).toEqual(range(0, 50));
    expect(opened).toHaveLength(4);
  });

  it('while the log breaks in the midst of it', async () => {
    let reads = 0;
    const reader: EventLog['reader'] = async (what) => {
      const real = await ward.log.reader(what);
      return {
        ...real,
        read: () => {
          reads += 1;
          return reads % 2 === 0
            ? Promise.reject(new SamspillError('EVENT_LOG_UNAVAILABLE'))
            : real.read();
        },
      };
    };
    await recordAll(bjorn, range(0, 120));
    const running = await opensAgain({ eventLog: { ...ward.log, reader } });
    await recordAll(bjorn, range(120, 200));
    await eventually(() => stateOf(anna)).toBe('open');
    await caughtUp(running);
    expect(await valuesOf(anna)).toEqual(range(0, 50));
    expect(reads).toBeGreaterThan(3);
  });

  it('while the schema registry is away', async () => {
    let isAway = false;
    const lame: typeof wire = {
      ...wire,
      learn: (values) =>
        isAway && values.length > 0
          ? Promise.reject(new SamspillError('SCHEMA_REGISTRY_UNAVAILABLE'))
          : wire.learn(values),
    };
    const { probe, reached, release } = stopAtChunk(3);
    await opensAgain({ wire: lame, probe });
    await reached;
    isAway = true;
    release();
    await told('SCHEMA_REGISTRY_UNAVAILABLE');
    isAway = false;
    await eventually(() => stateOf(anna)).toBe('open');
    expect(await valuesOf(anna)).toEqual(range(0, 50));
  });

  it.each(['begun', 'written', 'committed'] as const)(
    'when the connections are cut at the point "%s"',
    async (point) => {
      let cuts = 0;
      await opensAgain({
        probe: async (at, { isBehind }) => {
          if (isBehind !== true || at !== point || cuts >= 3) return;
          cuts += 1;
          await cutConnections(ward).catch(() => undefined);
        },
      });
      await eventually(() => stateOf(anna).catch(() => undefined)).toBe('open');
      expect(await valuesOf(anna)).toEqual(range(0, 50));
      expect(cuts).toBe(3);
    },
  );
});

describe('one event in a thousand that the database refuses', () => {
  it('parks its patient alone, live and while all are caught up, and all else is there once', async () => {
    ward = await openWard(ward.servers, 1, 1_000);
    const wide = ward;
    onTestFinished(() => wide.close());
    const patients = Array.from({ length: 40 }, newPseudonym);
    const spoilt = patients[17] ?? anna;
    for (let n = 0; n < 1_000; n += 1) {
      const patient = patients[n % patients.length] ?? anna;
      await ward.record(patient, { value: String(n), note: n === 617 ? 'a\0b' : '' });
    }
    const expected = range(0, 1_000).filter((n) => Number(n) % 40 !== 17 || Number(n) < 617);
    const values = async (): Promise<string[]> =>
      (await ward.readings()).map(({ value }) => value).sort((a, b) => Number(a) - Number(b));
    const running = await ward.start({ lookForWaitingMs: 5 });
    await caughtUp(running);
    expect(await values()).toEqual(expected);
    expect(await ward.gate(spoilt)).toMatchObject({ state: 'parked', from_offset: 617 });

    ward.append(...patients.map((one) => grantClosed(one)));
    await caughtUp(running);
    expect(await values()).toEqual([]);
    ward.append(...patients.map((one) => grantOpened(one)));
    await eventually(() => stateOf(spoilt)).toBe('parked');
    for (const patient of patients.filter((one) => one !== spoilt)) {
      await eventually(() => stateOf(patient)).toBe('open');
    }
    expect(await values()).toEqual(expected);
    expect(await ward.gate(spoilt)).toMatchObject({ reason: 'ROW_REFUSED', from_offset: 617 });
  });
});

it('keys are zeroed once their events are opened, live and for those who catch up', async () => {
  const given: Buffer[] = [];
  const keys: typeof ward.keys = {
    ...ward.keys,
    openingKeys: async (product, wanted) => {
      const outcomes = await ward.keys.openingKeys(product, wanted);
      given.push(...outcomes.flatMap((one) => (one.outcome === 'key' ? [one.key] : [])));
      return outcomes;
    },
  };
  const running = await ward.start({ ...brisk, keys });
  await ward.record(anna);
  await caughtUp(running);
  const live = given.length;
  ward.append(grantClosed(anna), grantOpened(anna));
  await eventually(() => stateOf(anna)).toBe('open');
  expect(live).toBeGreaterThan(0);
  expect(given.length).toBeGreaterThan(live);
  expect(given.filter((key) => key.some((byte) => byte !== 0))).toEqual([]);
});

it('no record at or beyond the checkpoint is written for whoever catches up', async () => {
  // Held where its live stream stands, the partition has more than the checkpoint says.
  await recordAll(anna, range(0, 50));
  ward.append(grantClosed(anna));
  await caughtUp(await ward.start(brisk));
  const [key] = await ward.keys.sealingKeys(measurements.name, [bjorn]);
  if (key === undefined) throw new Error('no key');
  ward.append(recorded(bjorn, { ...key, version: key.version + 1 }));
  await recordAll(anna, range(50, 60));
  ward.append(grantOpened(anna));
  await eventually(() => stateOf(anna)).toBe('open');
  expect(await valuesOf(anna)).toEqual(range(0, 50));
  const checkpoints = await listCheckpoints(ward.pool, { schema: ward.schema });
  expect(checkpoints.find(({ topic }) => topic === measurements.topic)).toMatchObject({
    next: 50,
    heldFor: 'KEY_VAULT_UNAVAILABLE',
  });
});
