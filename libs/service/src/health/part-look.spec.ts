import { SamspillError } from '@samspill/kernel';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PartLook, type PartState } from './part-look.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A part that does what the test says, and a clock that the test moves. */
const given = () => {
  let nowMs = 1_000_000;
  let looks = 0;
  let look = (): Promise<unknown> => Promise.resolve();
  const changes: PartState[] = [];
  const part = new PartLook(
    {
      look: () => {
        looks += 1;
        return look();
      },
      code: 'DATABASE_UNAVAILABLE',
    },
    (state) => changes.push(state),
    () => nowMs,
  );
  const pass = async (ms: number): Promise<void> => {
    nowMs += ms;
    await vi.advanceTimersByTimeAsync(ms);
  };
  /** What is answered within the time that an answer may take. */
  const answer = async (): Promise<PartState> => {
    const state = part.state();
    await vi.advanceTimersByTimeAsync(0);
    await pass(1_500);
    return state;
  };
  return {
    ...{ part, changes, pass, answer },
    looks: () => looks,
    does: (what: () => Promise<unknown>) => (look = what),
  };
};

const silence = () => new Promise<never>(() => undefined);

it('tells what a look sees, and for how long it has been so', async () => {
  const { part, pass } = given();
  expect(await part.state()).toEqual({ status: 'up', forSeconds: 0 });
  await pass(7_000);
  expect(await part.state()).toEqual({ status: 'up', forSeconds: 7 });
});

it('tells the code of what went wrong, or its own where that has none of ours', async () => {
  const { part, does, pass } = given();
  does(() => Promise.reject(new SamspillError('PATIENT_STATE_UNKNOWN')));
  expect(await part.state()).toMatchObject({ status: 'down', code: 'PATIENT_STATE_UNKNOWN' });
  await pass(2_000);
  does(() => Promise.reject(new Error('refused')));
  expect(await part.state()).toMatchObject({ status: 'down', code: 'DATABASE_UNAVAILABLE' });
});

it('looks once for all who ask at once, and again after a second', async () => {
  const { part, looks, pass } = given();
  await Promise.all(Array.from({ length: 500 }, () => part.state()));
  await part.state();
  expect(looks()).toBe(1);
  await pass(1_001);
  await part.state();
  expect(looks()).toBe(2);
});

it('answers in time while a part is silent, asks it once, and takes it for away after six seconds', async () => {
  const { part, does, answer, looks, pass } = given();
  await part.state();
  await pass(2_000);
  does(silence);
  // What was seen a moment ago still stands: slow is not away.
  expect(await answer()).toMatchObject({ status: 'up' });
  await pass(3_000);
  expect(await answer()).toMatchObject({ status: 'down', code: 'DATABASE_UNAVAILABLE' });
  expect(looks()).toBe(2);
});

it('takes nothing for granted before its first look has ended', async () => {
  const { does, answer } = given();
  does(silence);
  expect(await answer()).toMatchObject({ status: 'down', code: 'DATABASE_UNAVAILABLE' });
});

it('after a stop of the process says nothing of what it saw before', async () => {
  const { part, does, answer, pass } = given();
  await part.state();
  await pass(15_000);
  does(silence);
  expect(await answer()).toMatchObject({ status: 'down' });
});

it('says when a part goes and when it is there again, once each', async () => {
  const { part, does, changes, pass } = given();
  await part.state();
  does(() => Promise.reject(new Error('refused')));
  for (let n = 0; n < 3; n += 1) {
    await pass(2_000);
    await part.state();
  }
  does(() => Promise.resolve());
  await pass(2_000);
  await part.state();
  expect(changes.map(({ status }) => status)).toEqual(['down', 'up']);
});
