import { measurements, subscriptions } from '@samspill/contracts';
import { newPseudonym, type Pseudonym } from '@samspill/kernel';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealingKeyStore } from './data-keys.ts';
import type { DeliveryPolicy } from './delivery-policy.ts';
import { aesKeyWrapper } from './key-wrapper.ts';
import { openingKeyStore } from './opening-keys.ts';
import { openPool, startServers, type Servers } from './sample/servers.ts';

const product = measurements.name;
const subscription = subscriptions['emergency-ward'];
const wrapper = aesKeyWrapper(Buffer.alloc(32, 1));

let servers: Servers;
let pool: Pool;
beforeAll(async () => {
  servers = await startServers();
  pool = await openPool(servers.env);
});
afterAll(async () => {
  await pool.end();
  await servers.stop();
});

const open = async (policy: DeliveryPolicy, patients: readonly Pseudonym[]): Promise<string[]> => {
  const wanted = patients.map((patient) => ({ patient, version: 1 }));
  const answer = await openingKeyStore(pool, wrapper, policy).openingKeys(
    subscription,
    product,
    wanted,
  );
  return answer.map(({ outcome }) => outcome);
};
const factsOf = async (patient: Pseudonym): Promise<unknown[]> =>
  (
    await pool.query<object>('SELECT event, facts FROM outbox WHERE patient = $1 ORDER BY id', [
      patient,
    ])
  ).rows;

const permit: DeliveryPolicy = () => ({ permit: true, rules: ['permitted'] });
const refuse: DeliveryPolicy = () => ({ permit: false, rules: ['blocked', 'opted-out'] });

describe('delivery', () => {
  it('that policy refuses from the first is withheld and opens no grant', async () => {
    const patient = newPseudonym();
    await sealingKeyStore(pool, wrapper).sealingKeys(product, [patient]);
    expect(await open(refuse, [patient])).toEqual(['withheld']);
    expect(await factsOf(patient)).toEqual([]);
  });

  it('that policy refuses later closes the grant once, with the rules as cause, and opens again', async () => {
    const [patient, other] = [newPseudonym(), newPseudonym()];
    await sealingKeyStore(pool, wrapper).sealingKeys(product, [patient, other]);
    await open(permit, [patient, other]);
    const refuseOne: DeliveryPolicy = (question) =>
      question.patient === patient ? refuse(question) : permit(question);
    expect(await open(refuseOne, [patient, other, patient])).toEqual([
      'withheld',
      'key',
      'withheld',
    ]);
    expect(await open(refuseOne, [patient])).toEqual(['withheld']);
    expect(await open(permit, [patient])).toEqual(['key']);

    const grant = { consumer: 'emergency-ward', product };
    const opened = { event: 'GrantOpened', facts: grant };
    const closed = { event: 'GrantClosed', facts: { ...grant, cause: 'blocked, opted-out' } };
    expect(await factsOf(patient)).toEqual([opened, closed, opened]);
    expect(await factsOf(other)).toEqual([opened]);
  });

  it('is judged with the subscription at hand', async () => {
    const patient = newPseudonym();
    await sealingKeyStore(pool, wrapper).sealingKeys(product, [patient]);
    const asked: unknown[] = [];
    await open(
      (question) => {
        asked.push(question);
        return refuse(question);
      },
      [patient],
    );
    const question = { product, patient, subscription, isWithheldByOrder: false };
    expect(asked).toEqual([{ consumer: 'emergency-ward', ...question }]);
  });
});
