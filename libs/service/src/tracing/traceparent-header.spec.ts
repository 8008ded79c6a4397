import { expect, it } from 'vitest';
import { traceparentHeader } from './traceparent-header.ts';

const number = '15838510075';
const of = (traceparent: string) => traceparentHeader({ traceparent });

it('takes a trace as it was named', () => {
  const value = `00-${'a1'.repeat(16)}-${'b2'.repeat(8)}-01`;
  expect(of(value)).toBe(value);
});

it.each([
  ['absent', ''],
  ['of another form', 'trace-7'],
  ['in capitals', `00-${'A1'.repeat(16)}-${'b2'.repeat(8)}-01`],
  ['a national number among letters', `00-abcdef${number}${'f'.repeat(15)}-${'b2'.repeat(8)}-01`],
  ['a national number filled up with zeros', `00-${number.padStart(32, '0')}-${'b2'.repeat(8)}-01`],
  ['a national number as the caller’s span', `00-${'a1'.repeat(16)}-${number}aaaaa-01`],
])('takes none that is %s', (_, value) => {
  expect(of(value)).toBeUndefined();
});
