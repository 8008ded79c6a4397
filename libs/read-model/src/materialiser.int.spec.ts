import { measurements } from '@samspill/contracts';
import { newPseudonym, type EventId } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import { materialiser } from './materialiser.ts';
import { keyShredded, newEventId, recorded } from './sample/events.ts';
import { ledger, readings } from './sample/projections.ts';
import { caughtUp, eventually, openWard, type Ward } from './sample/ward.ts';
import { wardOfEachTest } from './sample/ward-of-each-test.ts';

let ward: Ward;
wardOfEachTest((opened) => (ward = opened));

const patients = Array.from({ length: 5 }, newPseudonym);
const [anna, bjorn] = patients as [(typeof patients)[0], (typeof patients)[0]];

describe('a materialiser', () => {
  it('turns every event into its row, in the order of each patient', async () => {
    const ids: EventId[] = [];
    for (let n = 0; n < 300; n += 1) {
      const id = newEventId();
      ids.push(id);
      await ward.record(patients[n % patients.length] ?? anna, { id, value: String(n) });
    }
    await caughtUp(await ward.start());

    const rows = await ward.readings();
    expect(rows.map(({ event_id }) => event_id).sort()).toEqual([...ids].sort());
    for (const [index, patient] of patients.entries()) {
      const values = rows
        .filter((row) => row.patient === patient)
        .map(({ value }) => Number(value));
      expect(values).toEqual(Array.from({ length: 60 }, (_, n) => n * patients.length + index));
    }
    expect(ward.outcomes).toEqual(new Map([['applied', 300]]));
  });

  it('keeps decimals, texts, code lists and JSON to the letter', async () => {
    await ward.record(anna, { value: '37.0', note: 'sa "au" \\ {x,y} æøå' });
    await caughtUp(await ward.start());
    const { rows } = await ward.pool.query(
      `SELECT value, note, codes, content->>'unit' AS unit, resource::text, measured_at, key_version FROM ${ward.schema}.reading`,
    );
    expect(rows).toEqual([
      {
        value: '37.0',
        note: 'sa "au" \\ {x,y} æøå',
        codes: ['8867-4'],
        unit: '/min',
        resource: '{"resourceType":"Observation","value":85.0000000001}',
        measured_at: new Date('2026-01-05T07:00:00Z'),
        key_version: 1,
      },
    ]);
  });

  it('goes on where it ended, and applies nothing twice', async () => {
    for (let n = 0; n < 20; n += 1) await ward.record(anna);
    const first = await ward.start();
    await caughtUp(first);
    await first.close();
    for (let n = 0; n < 20; n += 1) await ward.record(anna);
    await caughtUp(await ward.start());
    expect(await ward.readings()).toHaveLength(40);
    expect(ward.outcomes).toEqual(new Map([['applied', 40]]));
  });

  it('writes an event once that its publisher repeated, in one batch and in two', async () => {
    const id = newEventId();
    const { offset } = await ward.record(anna, { id });
    await ward.record(bjorn);
    await ward.record(anna, { id });
    const running = await ward.start();
    await caughtUp(running);
    await ward.record(anna, { id });
    await caughtUp(running);

    const rows = await ward.readings();
    expect(rows).toHaveLength(2);
    expect(rows).toContainEqual(expect.objectContaining({ event_id: id, src_offset: offset }));
  });

  it('keeps an event that was sealed again after a shred, though the shred is heard of later', async () => {
    const id = newEventId();
    await ward.record(anna, { id });
    const running = await ward.start();
    await caughtUp(running);
    const version = ward.keys.shred(measurements.name, anna);
    // Its publisher had no answer, and sends it once more.
    const { offset } = await ward.record(anna, { id });
    await caughtUp(running);
    const again = [{ event_id: id, patient: anna, key_version: 2, src_offset: offset }];
    expect(await ward.readings()).toMatchObject(again);
    ward.append(keyShredded(anna, version));
    await ward.record(bjorn);
    await caughtUp(running);
    expect((await ward.readings()).filter(({ patient }) => patient === anna)).toMatchObject(again);
  });

  it('skips what is not its own: other events, other types, tombstones', async () => {
    await ward.record(anna);
    const record = { topic: measurements.topic, key: anna, id: undefined, type: undefined };
    ward.log.append({ ...record, source: undefined, value: null });
    await caughtUp(await ward.start());
    expect(ward.outcomes).toEqual(
      new Map([
        ['applied', 1],
        ['ignored', 1],
      ]),
    );
  });

  it('works a large batch in chunks, and goes on with the chunk that was held', async () => {
    const wide = await openWard(ward.servers, 1, 5_000);
    try {
      for (let n = 0; n < 2_500; n += 1) {
        await wide.record(patients[n % patients.length] ?? anna, { value: String(n) });
      }
      const chunks: number[] = [];
      const running = await wide.start({
        onChunk: ({ records }) => {
          chunks.push(records);
          wide.keys.away(chunks.length === 1);
        },
      });
      await eventually(() => wide.outcomes.get('held') ?? 0).toBeGreaterThan(0);
      expect(await wide.readings()).toHaveLength(1_000);
      wide.keys.away(false);
      await caughtUp(running);
      expect(await wide.readings()).toHaveLength(2_500);
      expect(wide.outcomes.get('applied')).toBe(2_500);
      expect(chunks).toEqual([1_000, 1_000, 500]);
    } finally {
      await wide.close();
    }
  });

  it('says how far it is behind by its own checkpoint', async () => {
    for (let n = 0; n < 7; n += 1) await ward.record(anna);
    ward.keys.away(true);
    const running = await ward.start();
    const lag = async (): Promise<number> =>
      (await running.lag()).reduce((sum, { records }) => sum + records, 0);
    expect(await lag()).toBe(7);
    ward.keys.away(false);
    await caughtUp(running);
    expect(await lag()).toBe(0);
  });
});

describe('a projection that opens', () => {
  it('is not started without keys', () => {
    const { keys, ...options } = ward.options();
    expect(keys).toBeDefined();
    expect(() => materialiser(options)).toThrow(/is given no keys/);
  });
});

describe('a projection that writes into a table that it does not name', () => {
  it('ends the materialiser, since such rows would outlive a closed grant', async () => {
    await ward.record(anna);
    const running = await ward.start({ projection: { ...readings, tables: [] } });
    await expect(running.ended).rejects.toThrow(/does not name its table reading/);
  });
});

describe('a projection that does not open', () => {
  it('reads clear fields although the vault is away', async () => {
    await ward.record(anna);
    ward.keys.away(true);
    await caughtUp(await ward.start({ projection: ledger }));
    const { rows } = await ward.pool.query(`SELECT patient, erased FROM ${ward.schema}.entry`);
    expect(rows).toEqual([{ patient: anna, erased: null }]);
  });

  it('marks the rows of a destroyed key, those before and those that come later', async () => {
    await ward.record(anna);
    await ward.record(bjorn);
    const [key] = await ward.keys.sealingKeys(measurements.name, [anna]);
    if (key === undefined) throw new Error('no key');
    const running = await ward.start({ projection: ledger });
    await caughtUp(running);
    ward.shred(anna);
    await caughtUp(running);
    ward.append(recorded(anna, key));
    await ward.record(anna);
    await caughtUp(running);

    const { rows } = await ward.pool.query(
      `SELECT patient, key_version, erased FROM ${ward.schema}.entry ORDER BY src_offset`,
    );
    const annas = rows.filter((row: { patient: string }) => row.patient === anna);
    expect(annas).toEqual([
      { patient: anna, key_version: 1, erased: true },
      { patient: anna, key_version: 1, erased: true },
      { patient: anna, key_version: 2, erased: null },
    ]);
    expect(rows).toContainEqual({ patient: bjorn, key_version: 1, erased: null });
  });

  it('takes the mark off an event that comes again under a later key', async () => {
    const id = newEventId();
    await ward.record(anna, { id });
    const running = await ward.start({ projection: ledger });
    ward.shred(anna);
    await caughtUp(running);
    await ward.record(anna, { id });
    await caughtUp(running);
    const { rows } = await ward.pool.query(`SELECT key_version, erased FROM ${ward.schema}.entry`);
    expect(rows).toEqual([{ key_version: 2, erased: null }]);
  });
});
