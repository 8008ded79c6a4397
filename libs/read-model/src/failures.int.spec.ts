import { measurements } from '@samspill/contracts';
import { SamspillError, newPseudonym } from '@samspill/kernel';
import type { PoolClient } from 'pg';
import { describe, expect, it } from 'vitest';
import { listCheckpoints } from './list-checkpoints.ts';
import type { ProbePoint } from './probe.ts';
import { cutConnections } from './sample/connections.ts';
import { newEventId, recorded, wire } from './sample/events.ts';
import { caughtUp, eventually, type Ward } from './sample/ward.ts';
import { wardOfEachTest } from './sample/ward-of-each-test.ts';

let ward: Ward;
wardOfEachTest((opened) => (ward = opened), 1);

const anna = newPseudonym();
const bjorn = newPseudonym();
const told = (lines: readonly string[], message: string): unknown[] =>
  lines
    .map((line) => JSON.parse(line) as { message: string })
    .filter((line) => line.message === message);
const valuesOf = async (patient: string): Promise<string[]> =>
  (await ward.readings()).filter((row) => row.patient === patient).map(({ value }) => value);

describe('what has failed holds the partition', () => {
  it('while the vault is away nothing is skipped, and everything arrives afterwards', async () => {
    for (let n = 0; n < 120; n += 1) await ward.record(n % 2 ? anna : bjorn);
    ward.keys.away(true);
    const running = await ward.start();
    await eventually(() => ward.outcomes.get('held') ?? 0).toBeGreaterThan(100);
    expect(await ward.readings()).toEqual([]);
    ward.keys.away(false);
    await caughtUp(running);
    expect(await ward.readings()).toHaveLength(120);
  });

  it('is told once when it begins and once when it ends, however often it is tried', async () => {
    await ward.record(anna);
    ward.keys.away(true);
    const running = await ward.start();
    await eventually(() => ward.outcomes.get('held') ?? 0).toBeGreaterThan(20);
    ward.keys.away(false);
    await caughtUp(running);
    await eventually(() => told(ward.logged, 'goes on')).toHaveLength(1);
    expect(told(ward.logged, 'held')).toEqual([
      expect.objectContaining({
        ...{ code: 'KEY_VAULT_UNAVAILABLE', projection: 'readings', version: 1 },
        ...{ topic: measurements.topic, partition: 0 },
      }),
    ]);
  });

  it('shows in the checkpoints why and since when, until it goes on', async () => {
    await ward.record(anna);
    const held = async () =>
      (await listCheckpoints(ward.pool, ward))
        .filter(({ topic }) => topic === measurements.topic)
        .map(({ next, heldFor, heldSince }) => ({ next, heldFor, isDated: heldSince !== null }));
    ward.keys.away(true);
    const running = await ward.start();
    await eventually(held).toEqual([{ next: 0, heldFor: 'KEY_VAULT_UNAVAILABLE', isDated: true }]);
    ward.keys.away(false);
    await caughtUp(running);
    expect(await held()).toEqual([{ next: 1, heldFor: null, isDated: false }]);
  });

  it('also while the vault does not know a key: absence is no erasure', async () => {
    ward.append(recorded(anna, { version: 3, key: Buffer.alloc(32, 1) }));
    await ward.start();
    await eventually(() => ward.outcomes.get('held') ?? 0).toBeGreaterThan(2);
    expect(await ward.gate(anna)).toBeUndefined();
    expect(ward.outcomes.has('applied')).toBe(false);
  });

  it('while the schema registry is away', async () => {
    await ward.record(anna);
    let isAway = true;
    const lame: typeof wire = {
      ...wire,
      learn: (values) =>
        isAway
          ? Promise.reject(new SamspillError('SCHEMA_REGISTRY_UNAVAILABLE'))
          : wire.learn(values),
    };
    const running = await ward.start({ wire: lame });
    await eventually(() => ward.outcomes.get('held') ?? 0).toBeGreaterThan(2);
    isAway = false;
    await caughtUp(running);
    expect(await ward.readings()).toHaveLength(1);
  });

  it.each<ProbePoint>(['fetched', 'begun', 'written', 'committed', 'acknowledged'])(
    'loses and doubles nothing when its connections are cut at the point "%s"',
    async (point) => {
      let cuts = 0;
      const running = await ward.start({
        probe: async (at) => {
          if (at !== point || cuts >= 3) return;
          cuts += 1;
          await cutConnections(ward);
        },
      });
      for (let n = 0; n < 400; n += 1)
        await ward.record(n % 2 ? anna : bjorn, { value: String(n) });
      await caughtUp(running);
      expect(cuts).toBe(3);
      expect(
        (await ward.readings()).map(({ value }) => Number(value)).sort((a, b) => a - b),
      ).toEqual(Array.from({ length: 400 }, (_, n) => n));
    },
  );

  it('reads its checkpoint again when the answer to a commit was lost', async () => {
    let lost = 0;
    let isLosing = false;
    const { pool } = ward;
    const connect = pool.connect.bind(pool);
    const forgetful = Object.create(pool, {
      connect: {
        value: async (): Promise<PoolClient> => {
          const client = await connect();
          const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
          const release = client.release.bind(client);
          client.query = (async (...args: unknown[]) => {
            const answer = await query(...args);
            if (args[0] !== 'COMMIT' || !isLosing || lost >= 3) return answer;
            lost += 1;
            throw new Error('Connection terminated unexpectedly');
          }) as typeof client.query;
          client.release = () => release(true);
          return client;
        },
      },
    }) as typeof pool;
    const running = await ward.start({ pool: forgetful });
    await ward.record(bjorn);
    // The claim is behind it: from here on commits are those of batches.
    await caughtUp(running);
    isLosing = true;
    for (let n = 0; n < 200; n += 1) await ward.record(anna, { value: String(n) });
    await caughtUp(running);
    expect(lost).toBe(3);
    expect(await valuesOf(anna)).toEqual(Array.from({ length: 200 }, (_, n) => String(n)));
  });
});

describe('what is rejected parks its patient', () => {
  it.each([
    ['a record that is no Avro', 'RECORD_UNREADABLE', (value: Buffer) => value.subarray(0, 20)],
    ['a sealed part that was altered', 'SEAL_BROKEN', (value: Buffer) => flipLast(value)],
    ['a value of an unknown schema', 'SCHEMA_UNKNOWN', (value: Buffer) => schemaId(value, 9999)],
  ])('%s: earlier rows stay, later events wait, others go on', async (_, code, spoil) => {
    await ward.record(anna, { value: '1' });
    const [key] = await ward.keys.sealingKeys(measurements.name, [anna]);
    if (key === undefined) throw new Error('no key');
    const event = recorded(anna, key, { value: '2' });
    ward.append({ ...event, value: spoil(Buffer.from(event.value)) });
    await ward.record(anna, { value: '3' });
    await ward.record(bjorn, { value: '4' });
    const running = await ward.start();
    await caughtUp(running);
    await ward.record(anna, { value: '5' });
    await caughtUp(running);

    expect(await valuesOf(anna)).toEqual(['1']);
    expect(await valuesOf(bjorn)).toEqual(['4']);
    expect(await ward.gate(anna)).toEqual({ state: 'parked', reason: code, from_offset: 1 });
    expect(ward.outcomes).toEqual(
      new Map([
        ['applied', 2],
        ['rejected', 1],
        ['parked', 2],
      ]),
    );
  });

  it('an event that the projection cannot take', async () => {
    await ward.record(anna, { value: 'unexpected' });
    await ward.record(bjorn);
    await caughtUp(await ward.start());
    expect(await ward.gate(anna)).toMatchObject({ state: 'parked', reason: 'EVENT_NOT_PROJECTED' });
    expect(await ward.readings()).toHaveLength(1);
  });

  it('values that the database refuses, found among hundreds that it takes', async () => {
    const spoilt = Array.from({ length: 3 }, newPseudonym);
    for (let n = 0; n < 45; n += 1) await ward.record(bjorn);
    for (const patient of spoilt) {
      await ward.record(patient, { value: '1' });
      await ward.record(patient, { value: patient === spoilt[0] ? 'twelve' : '2', note: 'a\0b' });
      await ward.record(patient, { value: '3' });
    }
    await caughtUp(await ward.start());
    for (const patient of spoilt) {
      expect(await valuesOf(patient)).toEqual(['1']);
      expect(await ward.gate(patient)).toMatchObject({ state: 'parked', reason: 'ROW_REFUSED' });
    }
    expect(await valuesOf(bjorn)).toHaveLength(45);
    expect(ward.logged.join()).not.toContain('twelve');
  });

  it('an unreadable record without a patient is counted and told by its position alone', async () => {
    await ward.record(anna);
    ward.log.append({
      topic: measurements.topic,
      key: 'someone who is no pseudonym',
      id: newEventId(),
      type: measurements.events.MeasurementRecorded.fullName,
      source: undefined,
      value: Buffer.from('15838510075'),
    });
    await caughtUp(await ward.start());
    expect(await ward.readings()).toHaveLength(1);
    expect(ward.outcomes.get('rejected')).toBe(1);
    const told = ward.logged.filter((line) => line.includes('rejected'));
    expect(told).toHaveLength(1);
    expect(JSON.parse(told[0] ?? '')).toMatchObject({
      ...{ projection: 'readings', topic: measurements.topic, partition: 0 },
      position: `${measurements.topic}:0:1`,
    });
    expect(told[0]).not.toMatch(/someone|15838510075/);
  });
});

function flipLast(value: Buffer): Buffer {
  value[value.length - 1] = (value.at(-1) ?? 0) ^ 1;
  return value;
}

function schemaId(value: Buffer, id: number): Buffer {
  value.writeUInt32BE(id, 1);
  return value;
}
