import { expect, it } from 'vitest';
import { pause } from './pause.ts';

it('a pause tells whether the time passed or the signal came first', async () => {
  expect(await pause(1, new AbortController().signal)).toBe(true);
  expect(await pause(60_000, AbortSignal.abort())).toBe(false);
});
