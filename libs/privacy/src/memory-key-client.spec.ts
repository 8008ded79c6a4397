import { newPseudonym } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import { memoryKeyClient } from './memory-key-client.ts';

const product = 'measurements.measurement';
const outcomesOf = async (
  keys: ReturnType<typeof memoryKeyClient>,
  patient: ReturnType<typeof newPseudonym>,
) => {
  const wanted = [1, 2].map((version) => ({ patient, version }));
  return (await keys.openingKeys(product, wanted)).map(({ outcome }) => outcome);
};

describe('the key vault in memory', () => {
  it('opens what was sealed, and says unavailable for what never was', async () => {
    const keys = memoryKeyClient();
    const patient = newPseudonym();
    const [sealing] = await keys.sealingKeys(product, [patient]);
    const [opening] = await keys.openingKeys(product, [{ patient, version: 1 }]);
    expect(opening).toEqual({ outcome: 'key', key: sealing?.key });
    expect(await outcomesOf(keys, patient)).toEqual(['key', 'unavailable']);
  });

  it('opens version n + 1 for later care after a shred', async () => {
    const keys = memoryKeyClient();
    const patient = newPseudonym();
    await keys.sealingKeys(product, [patient]);
    expect(keys.shred(product, patient)).toBe(1);
    expect(await outcomesOf(keys, patient)).toEqual(['shredded', 'unavailable']);
    expect(await keys.sealingKeys(product, [patient])).toMatchObject([{ version: 2 }]);
    expect(await outcomesOf(keys, patient)).toEqual(['shredded', 'key']);
  });

  it('withholds and releases', async () => {
    const keys = memoryKeyClient();
    const patient = newPseudonym();
    await keys.sealingKeys(product, [patient]);
    keys.withhold(product, patient);
    expect((await outcomesOf(keys, patient))[0]).toBe('withheld');
    keys.release(product, patient);
    expect((await outcomesOf(keys, patient))[0]).toBe('key');
  });

  it('answers nothing while it is away', async () => {
    const keys = memoryKeyClient();
    keys.away(true);
    const refusal = { code: 'KEY_VAULT_UNAVAILABLE' };
    await expect(keys.indexKey(product)).rejects.toMatchObject(refusal);
    await expect(keys.sealingKeys(product, [newPseudonym()])).rejects.toMatchObject(refusal);
    await expect(keys.answers()).rejects.toMatchObject(refusal);
    expect(await outcomesOf(keys, newPseudonym())).toEqual(['unavailable', 'unavailable']);
  });

  it('finds only whom it has made, and whole sets of linked pseudonyms', async () => {
    const keys = memoryKeyClient();
    const numbers = ['15838510075', '55838510069'].map((value) => ({ system: null, value }));
    expect(await keys.pseudonyms(numbers, 'find')).toEqual([undefined, undefined]);
    const made = (await keys.pseudonyms(numbers, 'create')).flatMap((set) => set ?? []);
    expect(new Set(made).size).toBe(2);
    const [first = newPseudonym(), second = newPseudonym()] = made;
    keys.link(second, first);
    const set = [second, first];
    expect(await keys.pseudonyms(numbers, 'find')).toEqual([set, set]);
  });
});
