import { expect, it } from 'vitest';
import type { History } from '../history/history.ts';
import { watched } from './acknowledgements.ts';

const silent: History = {
  write: () => undefined,
  lines: () => [],
  close: () => undefined,
};
const answer = (partition: number) =>
  ({
    kind: 'ok',
    op: 'a',
    patient: 'p',
    n: 1,
    eventId: 'e',
    position: `t:${partition}:7`,
  }) as const;

it('each partition has been answered once every one of them was, whatever the order', async () => {
  const history = watched(silent);
  let isDone = false;
  const done = history.ofEach([1, 2], new AbortController().signal).then(() => (isDone = true));
  history.write(answer(2));
  history.write(answer(3));
  history.write({ kind: 'note', text: 'no answer' });
  await new Promise(setImmediate);
  expect(isDone).toBe(false);
  history.write(answer(1));
  await done;
  expect(isDone).toBe(true);
});

it('answers that come in one tick all count', async () => {
  const history = watched(silent);
  const done = history.ofEach([1, 2], AbortSignal.timeout(1_000));
  history.write(answer(1));
  history.write(answer(2));
  await expect(done).resolves.toBeUndefined();
});

it('of no partition there is nothing to wait for', async () => {
  await expect(watched(silent).ofEach([], AbortSignal.abort())).resolves.toBeUndefined();
});

it('an answer from before counts for nothing, and the end names what is missing', async () => {
  const history = watched(silent);
  history.write(answer(1));
  const over = new AbortController();
  const waiting = history.ofEach([1, 4], over.signal);
  history.write(answer(4));
  await new Promise(setImmediate);
  over.abort();
  await expect(waiting).rejects.toThrow('no answer on 1');
});
