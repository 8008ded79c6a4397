import { expect, it } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

it('is done once for all that ask while it is under way, and anew after its end, also a bad one', async () => {
  const runs: PromiseWithResolvers<string>[] = [];
  const ask = oneAtATime(() => {
    const run = Promise.withResolvers<string>();
    runs.push(run);
    return run.promise;
  });
  const both = Promise.allSettled([ask(), ask()]);
  runs[0]?.reject(new Error('away'));
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const next = ask();
  runs[1]?.resolve('there');
  expect(await next).toBe('there');
  expect(runs).toHaveLength(2);
});
