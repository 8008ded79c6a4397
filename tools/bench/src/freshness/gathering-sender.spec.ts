import { expect, it } from 'vitest';
import { gatheringSender } from './gathering-sender.ts';

it('has one call open, and sends what comes meanwhile together', async () => {
  const sent: string[][] = [];
  let answer = Promise.withResolvers<[]>();
  const sender = gatheringSender(
    {
      send: ({ messages }) => {
        sent.push(messages.map(({ value }) => String(value)));
        return answer.promise;
      },
    },
    'topic',
  );
  const first = sender.send([{ value: 'a' }]);
  await expect.poll(() => sent).toEqual([['a']]);
  const second = sender.send([{ value: 'b' }]);
  const third = sender.send([{ value: 'c' }]);
  expect(sent).toEqual([['a']]);
  answer.resolve([]);
  await first;
  answer = Promise.withResolvers<[]>();
  answer.resolve([]);
  await Promise.all([second, third]);
  expect(sent).toEqual([['a'], ['b', 'c']]);
});

it('tells whoever sent it what went wrong, and goes on', async () => {
  let isAway = true;
  const sender = gatheringSender(
    { send: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve([])) },
    'topic',
  );
  await expect(sender.send([{ value: 'a' }])).rejects.toThrow('away');
  isAway = false;
  await expect(sender.send([{ value: 'b' }])).resolves.toBeUndefined();
});
