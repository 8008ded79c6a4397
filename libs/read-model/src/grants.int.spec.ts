import { keyVault, measurements } from '@samspill/contracts';
import { newPseudonym } from '@samspill/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Probe, ProbePoint } from './probe.ts';
import { grantClosed, grantOpened, keyShredded, recorded } from './sample/events.ts';
import { caughtUp, eventually, openWard, type Ward } from './sample/ward.ts';
import { wardOfEachTest } from './sample/ward-of-each-test.ts';

let ward: Ward;
wardOfEachTest((opened) => (ward = opened));

const anna = newPseudonym();
const bjorn = newPseudonym();
const patientsOf = (rows: readonly { patient: string }[]): string[] =>
  [...new Set(rows.map(({ patient }) => patient))].sort();

describe('a grant', () => {
  it('that closes takes the rows of its patient away, and no others', async () => {
    for (let n = 0; n < 10; n += 1) await ward.record(n % 2 ? anna : bjorn);
    const evicted: string[] = [];
    const keys = { ...ward.keys, evict: (...of: [string, string]) => void evicted.push(...of) };
    const running = await ward.start({ keys });
    await caughtUp(running);
    ward.append(grantClosed(anna));
    await caughtUp(running);
    expect(await ward.readings()).toMatchObject(Array(5).fill({ patient: bjorn }));
    expect(await ward.gate(anna)).toMatchObject({ state: 'withheld', reason: 'reservation' });
    await eventually(() => evicted).toEqual([measurements.name, anna]);
  });

  it('that closed keeps later events out, also after a restart, while the checkpoint moves on', async () => {
    ward.append(grantClosed(anna));
    const first = await ward.start();
    await caughtUp(first);
    await first.close();
    await ward.record(anna);
    await ward.record(bjorn);
    await caughtUp(await ward.start());
    expect(patientsOf(await ward.readings())).toEqual([bjorn]);
    expect(ward.outcomes.get('withheld')).toBe(1);
  });

  it('of another consumer or another product changes nothing here', async () => {
    await ward.record(anna);
    const running = await ward.start();
    await caughtUp(running);
    ward.append(
      grantClosed(anna, { consumer: 'nursing-home' }),
      grantClosed(anna, { product: 'lab-results.lab-report' }),
      keyShredded(anna, 9, 'lab-results.lab-report'),
    );
    await caughtUp(running);
    expect(await ward.readings()).toHaveLength(1);
  });

  it('that opens again shows nothing until the patient has caught up, so that nobody takes a part for the whole', async () => {
    await ward.record(anna);
    const running = await ward.start({ lookForWaitingMs: 3_600_000 });
    await caughtUp(running);
    ward.append(grantClosed(anna), grantOpened(anna));
    await caughtUp(running);
    await ward.record(anna);
    await caughtUp(running);
    expect(await ward.readings()).toEqual([]);
    expect(await ward.gate(anna)).toMatchObject({ state: 'catching-up', from_offset: 0 });
  });
});

describe('a key that the vault withholds', () => {
  it('closes the gate and takes earlier rows away, and the vault is not asked again', async () => {
    await ward.record(anna);
    await ward.record(bjorn);
    const running = await ward.start();
    await caughtUp(running);
    ward.keys.withhold(measurements.name, anna);
    await ward.record(anna);
    await caughtUp(running);
    ward.keys.release(measurements.name, anna);
    await ward.record(anna);
    await caughtUp(running);
    expect(patientsOf(await ward.readings())).toEqual([bjorn]);
    expect(await ward.gate(anna)).toMatchObject({ state: 'withheld' });
    expect(ward.outcomes.get('withheld')).toBe(2);
  });

  it('does not overrule a grant that opened while the vault was answering', async () => {
    ward.keys.withhold(measurements.name, anna);
    let asked = 0;
    const granting: typeof ward.keys = {
      ...ward.keys,
      openingKeys: async (product, wanted) => {
        asked += 1;
        const answer = await ward.keys.openingKeys(product, wanted);
        if (asked > 1) return answer;
        ward.keys.release(measurements.name, anna);
        ward.append(grantOpened(anna));
        await eventually(() => ward.gate(anna)).toMatchObject({ state: 'open' });
        return answer;
      },
    };
    await ward.record(anna);
    await caughtUp(await ward.start({ keys: granting }));
    expect(await ward.readings()).toHaveLength(1);
    expect(asked).toBe(2);
  });
});

describe('a destroyed key', () => {
  it('takes its rows away for good and touches nobody else, while events stream', async () => {
    const patients = Array.from({ length: 20 }, newPseudonym);
    const running = await ward.start();
    const stream = async (rounds: number): Promise<void> => {
      for (let n = 0; n < rounds; n += 1) {
        for (const patient of patients) await ward.record(patient);
      }
    };
    await stream(10);
    const [shredded] = patients as [typeof anna];
    const [oldKey] = await ward.keys.sealingKeys(measurements.name, [shredded]);
    if (oldKey === undefined) throw new Error('no key');
    ward.shred(shredded);
    // Sealed before and published after: a slow publisher.
    ward.append(recorded(shredded, oldKey));
    await stream(5);
    await caughtUp(running);

    const rows = await ward.readings();
    const own = rows.filter(({ patient }) => patient === shredded);
    expect(own.map(({ key_version }) => key_version)).toEqual(Array(5).fill(2));
    expect(rows).toHaveLength(19 * 15 + 5);
    expect(ward.outcomes.get('held')).toBeUndefined();
  });

  it('stays destroyed for a read model that begins anew', async () => {
    for (let n = 0; n < 5; n += 1) await ward.record(anna);
    ward.shred(anna);
    await ward.record(bjorn);
    await caughtUp(await ward.start());
    expect(patientsOf(await ward.readings())).toEqual([bjorn]);
    expect(await ward.gate(anna)).toBeUndefined();
  });
});

describe('a closing and a batch at the same time', () => {
  /** Stops the materialiser at a point on a topic until it is released. */
  const stopAt = (point: ProbePoint, topic: string) => {
    const reached = Promise.withResolvers<undefined>();
    const released = Promise.withResolvers<undefined>();
    const probe: Probe = async (at, batch) => {
      if (at !== point || batch.topic !== topic) return;
      reached.resolve(undefined);
      await released.promise;
    };
    return { probe, reached: reached.promise, release: () => released.resolve(undefined) };
  };
  const someoneWaitsForALock = async (): Promise<void> => {
    const waiting = async (): Promise<number | null> =>
      (
        await ward.pool.query(
          `SELECT FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'`,
          [ward.schema],
        )
      ).rowCount;
    await eventually(waiting).toBe(1);
  };

  it('the closing waits for the batch, and then takes its rows away', async () => {
    const { probe, reached, release } = stopAt('written', measurements.topic);
    await ward.record(anna);
    const running = await ward.start({ probe });
    await reached;
    ward.append(grantClosed(anna));
    await someoneWaitsForALock();
    release();
    await caughtUp(running);
    expect(await ward.readings()).toEqual([]);
  });

  it('the batch waits for the closing, and then reads a closed gate', async () => {
    const { probe, reached, release } = stopAt('written', keyVault.topic);
    ward.append(grantClosed(anna));
    const running = await ward.start({ probe });
    await reached;
    await ward.record(anna);
    await someoneWaitsForALock();
    release();
    await caughtUp(running);
    expect(await ward.readings()).toEqual([]);
    expect(ward.outcomes.get('withheld')).toBe(1);
  });
});

describe('in any interleaving of batches with closings and shreds', () => {
  it('no row of a closed patient and none on a destroyed key is left', async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('record anna', 'record bjorn') },
      { weight: 1, arbitrary: fc.constantFrom('close', 'shred', 'repeat', 'turn') },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const own = await openWard(ward.servers, 1);
        try {
          const first = await own.start();
          await own.start();
          let closed = false;
          let bjorns = 0;
          const stale = await own.keys.sealingKeys(measurements.name, [anna]);
          let destroyed = 0;
          for (const what of steps) {
            if (what === 'record anna') await own.record(anna);
            if (what === 'record bjorn') await own.record(bjorn).then(() => (bjorns += 1));
            if (what === 'close') own.append(grantClosed(anna));
            closed ||= what === 'close';
            if (what === 'shred') {
              own.shred(anna);
              destroyed = Math.max(1, destroyed);
            }
            if (what === 'repeat' && stale[0]) own.append(recorded(anna, stale[0]));
            // Lets the materialiser work in between.
            if (what === 'turn') await own.readings();
          }
          await caughtUp(first);
          const rows = await own.readings();
          const annas = rows.filter(({ patient }) => patient === anna);
          if (closed) expect(annas).toEqual([]);
          expect(annas.filter(({ key_version }) => key_version <= destroyed)).toEqual([]);
          expect(rows.length - annas.length).toBe(bjorns);
        } finally {
          await own.close();
        }
      }),
      { numRuns: 25 },
    );
  });
});
