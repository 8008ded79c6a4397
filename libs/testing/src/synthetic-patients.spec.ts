import { readPersonNumber } from '@samspill/fhir';
import { describe, expect, it } from 'vitest';
import { syntheticPatients } from './synthetic-patients.ts';

describe('synthetic patients', () => {
  it('have valid national numbers that no person can have', () => {
    for (const { nationalId } of syntheticPatients({ count: 500, seed: 1 })) {
      expect(nationalId).toMatch(/^\d{2}(8[1-9]|9[0-2])\d{7}$/);
      expect(readPersonNumber(nationalId)).toMatchObject({ synthetic: true });
    }
  });

  it('are all different', () => {
    const ids = syntheticPatients({ count: 2000, seed: 7 }).map(({ nationalId }) => nationalId);
    expect(new Set(ids).size).toBe(2000);
  });

  it('are the same for the same seed, also when there are more of them', () => {
    const few = syntheticPatients({ count: 5, seed: 'demo' });
    expect(syntheticPatients({ count: 9, seed: 'demo' }).slice(0, 5)).toEqual(few);
    expect(syntheticPatients({ count: 5, seed: 'other' })).not.toEqual(few);
  });

  it('carry their sex and birth date in the number', () => {
    for (const { nationalId, sex, birthDate } of syntheticPatients({ count: 50, seed: 3 })) {
      expect(Number(nationalId[8]) % 2).toBe(sex === 'male' ? 1 : 0);
      expect(nationalId.slice(0, 2)).toBe(birthDate.slice(8));
      expect(Number(nationalId.slice(2, 4)) - 80).toBe(Number(birthDate.slice(5, 7)));
    }
  });
});
