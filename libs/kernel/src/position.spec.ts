import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatPosition, formatPositions, parsePosition, parsePositions } from './position.ts';

const position = fc.record({
  topic: fc.stringMatching(/^[a-z0-9._-]{1,40}$/),
  partition: fc.nat({ max: 999_999_999 }),
  offset: fc.nat({ max: 999_999_999_999_999 }),
});

it('a position reads back as it was written', () => {
  fc.assert(
    fc.property(position, (one) => {
      expect(parsePosition(formatPosition(one))).toEqual(one);
    }),
  );
});

it('a list of positions reads back as it was written', () => {
  fc.assert(
    fc.property(fc.array(position, { minLength: 1 }), (list) => {
      expect(parsePositions(formatPositions(list))).toEqual(list);
    }),
  );
});

it.each([
  '',
  'topic',
  'topic:1',
  'topic:1:',
  'topic:-1:2',
  'topic:1:2:3',
  'to pic:1:2',
  'topic:1:9999999999999999',
  'topic:1:2,',
])('%j is no list of positions', (text) => {
  expect(parsePositions(text)).toBeUndefined();
});
