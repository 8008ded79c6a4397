import { describe, expect, it } from 'vitest';
import { judge, type Goal } from './goals.ts';
import { reached } from './results.sample.ts';

const asFast: Goal = {
  text: 'at the rate of the peer or better',
  of: { contender: 'ours', figure: 'rate', where: { process: 'warm' } },
  over: { contender: 'peer', figure: 'rate', where: { process: 'warm' } },
  atLeast: 1,
};

describe('a goal', () => {
  it('is judged by the medians in the setting that is named', () => {
    const results = [
      reached('ours', { process: 'cold' }, 1),
      reached('ours', { process: 'warm' }, 90, 110, 100),
      reached('peer', { process: 'warm' }, 95, 80, 500),
    ];
    expect(judge(asFast, results)).toMatchObject({
      holds: true,
      found: [{ setting: { process: 'warm' }, value: 100, against: 95, ratio: 1.05, holds: true }],
    });
    expect(judge({ ...asFast, atLeast: 1.1 }, results).holds).toBe(false);
  });

  it('is missed when it is missed in one setting', () => {
    const results = [
      reached('ours', { patients: 10, process: 'warm' }, 100),
      reached('ours', { patients: 99, process: 'warm' }, 50),
      reached('peer', { patients: 10, process: 'warm' }, 80),
      reached('peer', { patients: 99, process: 'warm' }, 80),
    ];
    const { holds, found } = judge(asFast, results);
    expect(holds).toBe(false);
    expect(found.map((one) => one.holds)).toEqual([true, false]);
  });

  it('takes a peer that the setting says nothing to in every setting', () => {
    const results = [
      reached('ours', { patients: 10, process: 'warm' }, 100),
      reached('ours', { patients: 99, process: 'warm' }, 100),
      reached('peer', { process: 'warm' }, 80),
    ];
    expect(judge(asFast, results).found).toHaveLength(2);
  });

  it('may be about a figure alone', () => {
    const goal: Goal = { text: 'small', of: { contender: 'ours', figure: 'rate' }, atMost: 150 };
    expect(judge(goal, [reached('ours', {}, 149)]).holds).toBe(true);
    expect(judge(goal, [reached('ours', {}, 151)]).holds).toBe(false);
  });

  it('is neither met nor missed where the peer did not run', () => {
    expect(judge(asFast, [reached('ours', { process: 'warm' }, 100)]).holds).toBeNull();
  });
});
