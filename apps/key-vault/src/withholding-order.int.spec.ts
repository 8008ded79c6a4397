import { keyVault, subscriptions } from '@samspill/contracts';
import { newPseudonym, parsePosition } from '@samspill/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeliveryPolicy } from './delivery-policy.ts';
import { call } from './sample/servers.ts';
import { product, startTwoInstances, type TwoInstances } from './sample/two-instances.ts';
import { closeGrant, openGrant } from './withholding-order.ts';

let vault: TwoInstances;
beforeAll(async () => {
  vault = await startTwoInstances();
});
afterAll(() => vault.stop());

const causesOf = async (patient: string): Promise<(string | null)[]> => {
  const sql = `SELECT facts->>'cause' AS cause FROM outbox WHERE patient = $1 ORDER BY id`;
  const { rows } = await vault.pool.query<{ cause: string | null }>(sql, [patient]);
  return rows.map(({ cause }) => cause);
};

describe('closing a grant by order', () => {
  it('withholds every key of the patient from that consumer, says so in the log, and touches nobody else', async () => {
    const [patient, neighbour] = [await vault.patientWithKey(), await vault.patientWithKey()];
    await Promise.all([vault.outcomes(patient, 1), vault.outcomes(neighbour, 1)]);

    const answer = await vault.orderInLog('close', patient);
    expect(answer).toMatchObject({ consumer: 'emergency-ward', product, changed: [{ patient }] });
    expect(parsePosition(answer.changed[0]?.position ?? '')?.topic).toBe(keyVault.topic);

    vault.ward.evict(product, patient);
    vault.ward.evict(product, neighbour);
    expect(await vault.outcomes(patient, 1)).toEqual(['withheld']);
    expect(await vault.outcomes(neighbour, 1)).toEqual(['key']);
    // The owning domain subscribes too, and goes on.
    const own = await vault.domain[1].openingKeys(product, [{ patient, version: 1 }]);
    expect(own).toMatchObject([{ outcome: 'key' }]);
    expect((await causesOf(patient)).slice(0, 2)).toEqual([
      null,
      'withheld-by-order: order to close',
    ]);
  });

  it('is in force before anything was asked for, and again gives the answer of before, from either instance', async () => {
    const patient = await vault.patientWithKey();
    const first = await vault.orderInLog('close', patient);
    expect(await vault.outcomes(patient, 1)).toEqual(['withheld']);
    expect(await vault.order('close', { pseudonym: patient }, 1)).toEqual({
      status: 200,
      answer: first,
    });
    expect(await vault.factsOf(patient)).toEqual(['GrantClosed']);
  });

  it('by two instances at once while keys are asked for leaves one fact and no key', async () => {
    const patient = await vault.patientWithKey();
    await Promise.all([
      vault.order('close', { pseudonym: patient }, 0),
      vault.outcomes(patient, 1),
      vault.order('close', { pseudonym: patient }, 1),
    ]);
    vault.ward.evict(product, patient);
    expect(await vault.outcomes(patient, 1)).toEqual(['withheld']);
    const facts = await vault.factsOf(patient);
    expect(facts.filter((fact) => fact === 'GrantClosed')).toHaveLength(1);
    expect(facts.at(-1)).toBe('GrantClosed');
  });

  it('does not undo a shred, nor a shred the order', async () => {
    const patient = await vault.patientWithKey();
    await vault.order('close', { pseudonym: patient });
    await vault.shred({ pseudonym: patient });
    await vault.domain[0].sealingKeys(product, [patient]);
    expect(await vault.outcomes(patient, 1, 2)).toEqual(['shredded', 'withheld']);
  });
});

describe('opening a grant by order', () => {
  it('gives the keys again and says so, since the consumer would not ask', async () => {
    const patient = await vault.patientWithKey();
    await vault.orderInLog('close', patient);
    const answer = await vault.orderInLog('open', patient);
    expect(answer.changed).toMatchObject([{ patient }]);
    expect(await vault.outcomes(patient, 1)).toEqual(['key']);
    expect(await vault.factsOf(patient)).toEqual(['GrantClosed', 'GrantOpened']);
    expect((await vault.order('open', { pseudonym: patient }, 1)).answer).toEqual(answer);
  });

  it('where no order stands changes nothing', async () => {
    const patient = await vault.patientWithKey();
    const { status, answer } = await vault.order('open', { pseudonym: patient });
    expect([status, answer.changed]).toEqual([200, []]);
    expect(await vault.factsOf(patient)).toEqual([]);
  });

  it('leaves the grant closed where another rule refuses, and names that rule', async () => {
    const patient = newPseudonym();
    const subscription = subscriptions['emergency-ward'];
    const order = { subscription, product, patients: [patient], cause: 'order 17' };
    const refuse: DeliveryPolicy = () => ({ permit: false, rules: ['blocked'] });
    await closeGrant(vault.pool, order);
    expect(await openGrant(vault.pool, refuse, order)).toBe(1);
    expect(await causesOf(patient)).toEqual(['withheld-by-order: order 17', 'blocked']);
    const sql = 'SELECT closed_at IS NULL AS open FROM delivery_grant WHERE patient = $1';
    expect((await vault.pool.query(sql, [patient])).rows).toEqual([{ open: false }]);
  });
});

describe('an order about a grant', () => {
  const ordered = (body: object, client = 'operator') =>
    call(vault.urls[0], client, '/grants/close', {
      consumer: 'emergency-ward',
      product,
      patient: { pseudonym: newPseudonym() },
      cause: 'order 17',
      ...body,
    });

  it.each([
    ['a consumer without that subscription', { consumer: 'home-hub' }, 404, 'body.consumer'],
    ['a product that is not there', { product: 'lab.report' }, 404, 'body.product'],
    [
      'a patient whom nobody knows',
      { patient: { identifier: { system: 'urn:oid:1.2.3', value: 'nobody' } } },
      404,
      'body.patient',
    ],
    ['a cause that names a person', { cause: 'asked by 15838510075' }, 400, 'body.cause'],
  ])('with %s is refused and quotes nothing', async (_, body, status, place) => {
    const answer = await ordered(body);
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(place)]);
    expect(answer.text).not.toContain('15838510075');
  });

  it('is taken from those who hold the scope alone', async () => {
    expect((await ordered({}, 'emergency-ward')).status).toBe(403);
  });
});
