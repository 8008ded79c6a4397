import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aesKeyWrapper } from './key-wrapper.ts';

const wrapper = aesKeyWrapper(Buffer.alloc(32, 1));
const key = Buffer.alloc(32, 9);
const purpose = ['data key', 'patient', 'product', '1'];
const wrong = { code: 'KEY_ENCRYPTION_KEY_WRONG' };

const wrapped = async (): Promise<Buffer> => {
  const [one = Buffer.alloc(0)] = await wrapper.wrap([{ key, purpose }]);
  return one;
};

describe('a wrapped key', () => {
  it('unwraps for its purpose, in the order given', async () => {
    const keys = [1, 2, 3].map((n) => ({ key: Buffer.alloc(32, n), purpose: [String(n)] }));
    const all = await wrapper.wrap(keys);
    const asked = all.map((one, index) => ({ wrapped: one, purpose: keys[index]?.purpose ?? [] }));
    expect(await wrapper.unwrap(asked)).toEqual(keys.map((one) => one.key));
  });

  it('does not hold the key in the clear', async () => {
    expect((await wrapped()).includes(key.subarray(0, 8))).toBe(false);
  });

  it.each([
    ['patient', ['data key', 'another', 'product', '1']],
    ['product', ['data key', 'patient', 'another', '1']],
    ['version', ['data key', 'patient', 'product', '2']],
    ['cut of the parts', ['data key', 'patientproduct', '', '1']],
  ])('does not unwrap for another %s', async (_, other) => {
    await expect(
      wrapper.unwrap([{ wrapped: await wrapped(), purpose: other }]),
    ).rejects.toMatchObject(wrong);
  });

  it('does not unwrap under another key-encryption key', async () => {
    const other = aesKeyWrapper(Buffer.alloc(32, 2));
    await expect(other.unwrap([{ wrapped: await wrapped(), purpose }])).rejects.toMatchObject(
      wrong,
    );
  });

  it('does not unwrap when a bit is flipped or its end is cut off', async () => {
    const whole = await wrapped();
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length * 8 - 1), fc.boolean(), async (bit, cut) => {
        const byte = bit >> 3;
        const bad = Buffer.from(whole);
        bad[byte] = (bad[byte] ?? 0) ^ (1 << (bit & 7));
        const asked = [{ wrapped: cut ? whole.subarray(0, byte) : bad, purpose }];
        await expect(wrapper.unwrap(asked)).rejects.toMatchObject(wrong);
      }),
    );
  });
});
