import { measurements } from '@samspill/contracts';
import { newPseudonym } from '@samspill/kernel';
import { expect, it } from 'vitest';
import { countGates, listParked, requeue } from './parked.ts';
import { caughtUp, type Ward } from './sample/ward.ts';
import { wardOfEachTest } from './sample/ward-of-each-test.ts';

let ward: Ward;
wardOfEachTest((opened) => (ward = opened), 1);

const anna = newPseudonym();
const bjorn = newPseudonym();
const park = async (): Promise<void> => {
  await ward.record(anna, { value: 'unexpected' });
  await ward.record(bjorn, { note: 'a\0b' });
  const running = await ward.start();
  await caughtUp(running);
  await running.close();
};

it('says who is parked, since when, for what and where, and counts them', async () => {
  await park();
  const { schema, pool } = ward;
  const facts = { projection: 'readings', version: 1, since: expect.any(Date) as Date };
  const annas = {
    ...facts,
    patient: anna,
    code: 'EVENT_NOT_PROJECTED',
    position: `${measurements.topic}:0:0`,
    fromOffset: 0,
  };
  const all = await listParked(pool, { schema, limit: 10 });
  expect(all).toHaveLength(2);
  expect(all).toContainEqual(annas);
  expect(await listParked(pool, { schema, limit: 1 })).toHaveLength(1);
  expect(await listParked(pool, { schema, code: 'EVENT_NOT_PROJECTED', limit: 10 })).toEqual([
    annas,
  ]);
  expect(await listParked(pool, { schema, patients: [bjorn], limit: 10 })).toMatchObject([
    { patient: bjorn, code: 'ROW_REFUSED', fromOffset: 1 },
  ]);
  expect(await listParked(pool, { schema, projection: 'others', limit: 10 })).toEqual([]);
  expect(await countGates(pool, { schema })).toEqual([
    { projection: 'readings', version: 1, state: 'parked', patients: 2 },
  ]);
});

it.each([
  ['a patient', { patients: [bjorn] }, 1],
  ['a code', { code: 'ROW_REFUSED' }, 1],
  ['all', { all: true } as const, 2],
])('requeues %s from where they were parked', async (_, who, count) => {
  await park();
  const { schema, pool } = ward;
  expect(await requeue(pool, { schema, projection: 'readings', ...who })).toBe(count);
  expect(await ward.gate(bjorn)).toEqual({
    state: 'catching-up',
    reason: 'requeued',
    from_offset: 1,
  });
  expect((await ward.gate(anna))?.state).toBe(count === 2 ? 'catching-up' : 'parked');
  expect(await requeue(pool, { schema, projection: 'readings', ...who })).toBe(0);
});
