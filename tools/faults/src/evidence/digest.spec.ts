import { expect, it } from 'vitest';
import { digestOf } from './digest.ts';

it('is equal for a row of a projection and the same row from the database', () => {
  const at = new Date('2026-01-01T00:00:00Z');
  const projected = { kind: 'heart-rate', codes: ['a', 'b'], at, method: undefined };
  const stored = { method: null, at: new Date(at), codes: ['a', 'b'], kind: 'heart-rate' };
  expect(digestOf(projected)).toBe(digestOf(stored));
});

it.each([
  [{ value: '85' }, { value: '85.0' }],
  [{ value: null }, { value: '' }],
  [{ at: new Date(0) }, { at: new Date(1) }],
])('%j and %j differ', (one, other) => {
  expect(digestOf(one)).not.toBe(digestOf(other));
});
