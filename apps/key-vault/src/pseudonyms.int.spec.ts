import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from './sample/servers.ts';
import { startTwoInstances, type TwoInstances } from './sample/two-instances.ts';

const numbers = ['15838510075', '55838510069'].map((value) => ({ system: null, value }));
const locals = (count: number, name: string) =>
  Array.from({ length: count }, (_, n) => ({
    system: 'urn:oid:2.16.578.1.12.4.3.9',
    value: `${name}-${n}`,
  }));

let vault: TwoInstances;
beforeAll(async () => {
  vault = await startTwoInstances();
});
afterAll(() => vault.stop());

describe('pseudonyms', () => {
  it('are one per number when fifty ask for the same twenty through two instances at once', async () => {
    const twenty = locals(20, 'concurrent');
    const bodies = Array.from({ length: 50 }, (_, n) => ({
      // Each in another order, so that locks are asked for in every order.
      identifiers: [...twenty.slice(n % 20), ...twenty.slice(0, n % 20)],
      mode: 'create',
    }));
    const answers = await Promise.all(
      bodies.map((body, n) => call(vault.urls[n % 2 ? 1 : 0], 'measurements', '/pseudonyms', body)),
    );
    const given = new Map<string, Set<string>>();
    answers.forEach(({ status, text }, n) => {
      expect(status).toBe(200);
      const { pseudonyms } = JSON.parse(text) as { pseudonyms: string[][] };
      bodies[n]?.identifiers.forEach(({ value }, index) => {
        given.set(value, (given.get(value) ?? new Set()).add(pseudonyms[index]?.join() ?? ''));
      });
    });
    expect([...given.values()].map(({ size }) => size)).toEqual(Array(20).fill(1));
    expect(new Set([...given.values()].flatMap((set) => [...set])).size).toBe(20);
  });

  it('are found under any system of the three kinds, and nowhere is a number kept', async () => {
    const [first] = await vault.domain[0].pseudonyms(numbers, 'create');
    const asked = { system: 'urn:oid:2.16.578.1.12.4.1.4.2', value: numbers[0]?.value ?? '' };
    expect(await vault.ward.pseudonyms([asked], 'find')).toEqual([first]);
    const { rows } = await vault.pool.query<{ line: string }>(
      'SELECT pseudonym::text AS line FROM pseudonym UNION ALL SELECT outbox::text FROM outbox',
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ line }) => numbers.some(({ value }) => line.includes(value)))).toEqual(
      [],
    );
  });

  it('are not made by a look-up', async () => {
    const unknown = locals(1, 'nobody');
    expect(await vault.ward.pseudonyms(unknown, 'find')).toEqual([undefined]);
    expect(await vault.ward.pseudonyms(unknown, 'find')).toEqual([undefined]);
  });

  it('are made by those alone who may, and looked up in limited count', async () => {
    const body = { identifiers: locals(1, 'by-ward'), mode: 'create' };
    const refused = await call(vault.urls[0], 'emergency-ward', '/pseudonyms', body);
    expect(refused.status).toBe(403);

    const thousand = { identifiers: locals(1_000, 'guess'), mode: 'find' };
    const guess = () => call(vault.urls[0], 'emergency-ward', '/pseudonyms', thousand);
    expect((await guess()).status).toBe(200);
    // Time gives some back, but never a thousand between two calls.
    const throttled = await guess();
    expect(throttled.status).toBe(429);
    expect(Number(throttled.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
