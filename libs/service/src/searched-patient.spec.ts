import { describe, expect, it } from 'vitest';
import { searchedPatient } from './searched-patient.ts';

const number = '15838510075';
const system = 'urn:oid:2.16.578.1.12.4.1.4.1';

describe('the patient of a read', () => {
  it.each([
    [{ header: number }],
    [{ parameter: number }],
    [{ parameter: `${system}|${number}` }],
    [{ parameter: `2.16.578.1.12.4.1.4.1|${number}` }],
    [{ header: number, parameter: `${system}|${number}` }],
  ])('is named by %j', (named) => {
    expect(searchedPatient(named, 'lenient')).toEqual({ patient: { system, value: number } });
  });

  it.each([
    ['nobody', {}, 'required'],
    ['two patients', { header: number, parameter: '55838510069' }, 'value'],
    ['a number of no country', { parameter: 'urn:oid:1.2.3|77' }, 'value'],
    ['a masked number', { header: '158385*****' }, 'value'],
  ])('is not %s', (_, named, code) => {
    const { problems } = searchedPatient(named, 'lenient');
    expect(problems?.map((problem) => problem.code)).toEqual([code]);
    expect(JSON.stringify(problems)).not.toMatch(/158385|55838510069/);
  });

  it('is no synthetic person in strict mode', () => {
    expect(searchedPatient({ header: number }, 'strict').problems).toHaveLength(1);
  });
});
