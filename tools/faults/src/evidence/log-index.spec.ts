import { expect, it } from 'vitest';
import { standingById } from './log-index.ts';

const at = (eventId: string, offset: number, keyVersion: number) => ({
  ...{ topic: 't', partition: 0, key: 'p', type: 'T' },
  ...{ eventId, offset, keyVersion },
});

it('of an event that was sealed several times the first writing under the latest key counts', () => {
  const log = [
    at('a', 1, 1),
    at('b', 2, 1),
    at('a', 3, 2),
    at('a', 4, 2),
    at('b', 5, 1),
    at('a', 6, 1),
  ];
  const standing = [...standingById(log).values()].map(({ eventId, offset }) => [eventId, offset]);
  expect(new Map(standing as [string, number][])).toEqual(
    new Map([
      ['a', 3],
      ['b', 2],
    ]),
  );
});
