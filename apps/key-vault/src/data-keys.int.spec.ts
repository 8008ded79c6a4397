import { newPseudonym } from '@samspill/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from './sample/servers.ts';
import { product, startTwoInstances, type TwoInstances } from './sample/two-instances.ts';

let vault: TwoInstances;
beforeAll(async () => {
  vault = await startTwoInstances();
});
afterAll(() => vault.stop());

describe('keys', () => {
  it('to seal with are one per patient when many ask at once through two instances', async () => {
    const patients = Array.from({ length: 20 }, newPseudonym);
    const answers = await Promise.all(
      Array.from({ length: 30 }, async (_, n) => {
        const asked = [...patients.slice(n % 20), ...patients.slice(0, n % 20)];
        const keys = await vault.domain[n % 2 ? 1 : 0].sealingKeys(product, asked);
        return new Map(asked.map((patient, index) => [patient, keys[index]]));
      }),
    );
    for (const patient of patients) {
      const keys = answers.map((answer) => answer.get(patient));
      expect(new Set(keys.map((key) => key?.key.toString('hex'))).size).toBe(1);
      expect(new Set(keys.map((key) => key?.version))).toEqual(new Set([1]));
    }
  });

  it('open what they sealed, and open a grant once', async () => {
    const patient = newPseudonym();
    const [sealing] = await vault.domain[0].sealingKeys(product, [patient, patient]);
    expect(await vault.ward.openingKeys(product, [{ patient, version: 1 }])).toEqual([
      { outcome: 'key', key: sealing?.key },
    ]);
    vault.ward.evict(product, patient);
    expect(await vault.outcomes(patient, 1, 2)).toEqual(['key', 'unavailable']);
    expect(await vault.factsOf(patient)).toEqual(['GrantOpened']);
  });

  it('open one grant a patient when many instances of a consumer ask first at once', async () => {
    const patients = await Promise.all(Array.from({ length: 10 }, () => vault.patientWithKey()));
    const keys = patients.map((patient) => ({ patient, version: 1 }));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        call(vault.urls[n % 2 ? 1 : 0], 'emergency-ward', '/opening-keys', {
          product,
          keys: n % 3 === 0 ? keys.toReversed() : keys,
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const facts = await Promise.all(patients.map((patient) => vault.factsOf(patient)));
    expect(facts).toEqual(Array(10).fill(['GrantOpened']));
  });

  it('that never were are unavailable and not shredded, and open no grant', async () => {
    const patient = newPseudonym();
    expect(await vault.outcomes(patient, 1)).toEqual(['unavailable']);
    expect(await vault.factsOf(patient)).toEqual([]);
  });

  it('to name facts with are the same from every instance', async () => {
    const [one, other] = await Promise.all(vault.domain.map((client) => client.indexKey(product)));
    expect(one).toHaveLength(32);
    expect(one).toEqual(other);
  });
});
