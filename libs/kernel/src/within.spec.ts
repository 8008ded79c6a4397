import { expect, it } from 'vitest';
import { within } from './within.ts';

it('answers with what the promise resolves with, or with undefined when that takes longer', async () => {
  const late = Promise.withResolvers<string>();
  expect(await within(60_000, Promise.resolve('in time'))).toBe('in time');
  expect(await within(1, late.promise)).toBeUndefined();
  late.resolve('late');
  expect(await late.promise).toBe('late');
});

it('rejects with what the promise rejects with, which is nobody’s fault once it is late', async () => {
  const late = Promise.withResolvers<string>();
  await expect(within(60_000, Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(await within(1, late.promise)).toBeUndefined();
  late.reject(new Error('late'));
});
