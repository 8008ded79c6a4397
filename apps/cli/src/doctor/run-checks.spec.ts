import { SamspillError } from '@samspill/kernel';
import { expect, it } from 'vitest';
import { ok, type Check } from './check.ts';
import { runChecks } from './run-checks.ts';

const check = (name: string, look: Check['look'], needs: Check['needs'] = []): Check => ({
  ...{ name, look, needs },
  group: 'mesh',
});
const options = { limitMs: 30, answers: () => Promise.resolve(true) };
const never = new Promise<never>(() => undefined);

it('one that hangs or fails is a problem, and keeps nobody waiting', async () => {
  const away = new SamspillError('EVENT_LOG_UNAVAILABLE', { place: 'k:1' });
  const done: number[] = [];
  const found = await runChecks(
    [
      check('hangs', () => never),
      check('fails', () => Promise.reject(away)),
      check('breaks', () => {
        throw new TypeError('x is not a function');
      }),
      check('works', () => [ok('well'), ok('very well')]),
    ],
    { ...options, onDone: (count) => done.push(count) },
  );
  expect(found.map(({ name, verdict, what }) => `${name} ${verdict} ${what}`)).toEqual([
    'hangs problem no answer within 0.03 s',
    'fails problem EVENT_LOG_UNAVAILABLE: k:1: expected that the event log answers',
    expect.stringMatching(
      /^breaks problem FAULT: a fault of this program: x is not a function/,
    ) as string,
    'works ok well',
    'works ok very well',
  ]);
  expect(done.sort()).toEqual([1, 2, 3, 4]);
});

it('what hangs on a server that is away is not looked at', async () => {
  const found = await runChecks([check('topics', () => never, ['kafka', 'postgres'])], {
    limitMs: 30,
    answers: (server) => Promise.resolve(server !== 'kafka'),
  });
  expect(found).toMatchObject([{ verdict: 'skipped', what: 'not looked at, since kafka is away' }]);
});
