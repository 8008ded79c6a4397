import { newPseudonym } from '@samspill/kernel';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requeue } from './parked.ts';
import { grantClosed, grantOpened } from './sample/events.ts';
import { mendedReadings } from './sample/projections.ts';
import {
  caughtUp,
  eventually,
  openWard,
  startServers,
  type Servers,
  type Ward,
} from './sample/ward.ts';

let servers: Servers;
let ward: Ward;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers.stop());
beforeEach(async () => {
  ward = await openWard(servers);
});
afterEach(() => ward.close());

const anna = newPseudonym();
const bjorn = newPseudonym();
const valuesOf = async (patient: string): Promise<string[]> =>
  (await ward.readings()).filter((row) => row.patient === patient).map(({ value }) => value);
const stateOf = async (patient: typeof anna): Promise<string | undefined> =>
  (await ward.gate(patient))?.state;
const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, n) => String(from + n));
const recordAll = async (patient: typeof anna, values: readonly string[]): Promise<void> => {
  for (const value of values) await ward.record(patient, { value });
};

describe('a grant that opens again', () => {
  it('brings back all that the patient missed, and what follows', async () => {
    const running = await ward.start();
    await recordAll(anna, range(0, 30));
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
    expect(await valuesOf(bjorn)).toEqual(range(0, 10));
  });
});

describe('a patient who is requeued', () => {
  it('goes on from the rejected record once the projection is mended', async () => {
    const first = await ward.start();
    await recordAll(anna, ['1', '2', 'unexpected', '4']);
    await caughtUp(first);
    await first.close();
    expect(await stateOf(anna)).toBe('parked');
    const second = await ward.start({ projection: mendedReadings });
    await requeue(ward.pool, { schema: ward.schema, projection: 'readings', all: true });
    await eventually(() => stateOf(anna)).toBe('open');
    await caughtUp(second);
    expect(await valuesOf(anna)).toEqual(['1', '2', '0', '4']);
  });
});
