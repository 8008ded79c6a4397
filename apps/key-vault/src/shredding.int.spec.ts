import { keyVault } from '@samspill/contracts';
import { parsePosition } from '@samspill/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { product, startTwoInstances, type TwoInstances } from './sample/two-instances.ts';

let vault: TwoInstances;
beforeAll(async () => {
  vault = await startTwoInstances();
});
afterAll(() => vault.stop());

describe('shredding', () => {
  it('destroys every key, says so in the log, and lets later care begin anew', async () => {
    const [patient, neighbour] = [await vault.patientWithKey(), await vault.patientWithKey()];
    await Promise.all([vault.outcomes(patient, 1), vault.outcomes(neighbour, 1)]);

    const receipt = await vault.shredInLog(patient);
    expect(receipt.shredded).toMatchObject([{ patient, keyVersion: 1 }]);
    expect(parsePosition(receipt.shredded[0]?.position ?? '')?.topic).toBe(keyVault.topic);

    vault.ward.evict(product, patient);
    vault.ward.evict(product, neighbour);
    expect(await vault.outcomes(patient, 1)).toEqual(['shredded']);
    expect(await vault.outcomes(neighbour, 1)).toEqual(['key']);
    const sql = 'SELECT FROM data_key WHERE patient = $1 AND wrapped IS NOT NULL';
    expect((await vault.pool.query(sql, [patient])).rows).toEqual([]);

    expect(await vault.domain[1].sealingKeys(product, [patient])).toMatchObject([{ version: 2 }]);
    expect(await vault.outcomes(patient, 1, 2)).toEqual(['shredded', 'key']);
    expect(await vault.factsOf(patient)).toEqual(['GrantOpened', 'KeyShredded']);
  });

  it('again gives the receipt of before, and destroys what came since', async () => {
    const patient = await vault.patientWithKey();
    const first = await vault.shredInLog(patient);
    expect(await vault.shred({ pseudonym: patient })).toEqual({ status: 200, receipt: first });
    await vault.domain[0].sealingKeys(product, [patient]);
    const { receipt } = await vault.shred({ pseudonym: patient });
    expect(receipt.shredded).toMatchObject([{ patient, keyVersion: 2 }]);
  });

  it('finds a patient by number, and says when there is none or nothing to destroy', async () => {
    const identifier = { system: 'urn:oid:2.16.578.1.12.4.3.9', value: 'to-shred' };
    expect((await vault.shred({ identifier })).status).toBe(404);
    const [set = []] = await vault.domain[0].pseudonyms([identifier], 'create');
    expect(await vault.shred({ identifier })).toMatchObject({
      status: 200,
      receipt: { shredded: [] },
    });
    await vault.domain[0].sealingKeys(product, set);
    const { receipt } = await vault.shred({ identifier });
    expect(receipt.shredded).toMatchObject([{ patient: set[0], keyVersion: 1 }]);
  });

  it('while keys are made leaves no key of a destroyed version to anybody', async () => {
    const patient = await vault.patientWithKey();
    const work = Array.from({ length: 10 }, (_, n) =>
      n % 2 === 0
        ? vault.domain[0].sealingKeys(product, [patient])
        : vault.shred({ pseudonym: patient }),
    );
    await Promise.all(work);
    const { receipt } = await vault.shred({ pseudonym: patient });
    const last = receipt.shredded[0]?.keyVersion ?? 0;
    const versions = Array.from({ length: last }, (_, n) => n + 1);
    expect(new Set(await vault.outcomes(patient, ...versions))).toEqual(new Set(['shredded']));
    expect(await vault.domain[0].sealingKeys(product, [patient])).toMatchObject([
      { version: last + 1 },
    ]);
  });
});
