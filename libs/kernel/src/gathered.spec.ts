import { afterEach, describe, expect, it, vi } from 'vitest';
import { gathered } from './gathered.ts';

/** A service that answers when it is told to: each question with itself. */
const slowService = () => {
  const requests: { readonly questions: readonly string[]; answer(): void; refuse(): void }[] = [];
  const request = (questions: readonly string[]): Promise<readonly string[]> => {
    const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
    const answer = (): void => resolve(questions);
    requests.push({ questions, answer, refuse: () => reject(new Error('refused')) });
    return promise;
  };
  return { request, asked: () => requests.map(({ questions }) => questions), requests };
};

afterEach(() => void vi.useRealTimers());

describe('gathered questions', () => {
  it('go at once with those of their turn, and together behind an open request', async () => {
    const service = slowService();
    const ask = gathered(service.request, { max: 10, openMax: 1 });
    const first = [ask('a'), ask('b')];
    await Promise.resolve();
    const later = [ask('c')];
    await Promise.resolve();
    later.push(ask('d'));
    await Promise.resolve();
    expect(service.asked()).toEqual([['a', 'b']]);
    service.requests[0]?.answer();
    expect(await Promise.all(first)).toEqual(['a', 'b']);
    await Promise.resolve();
    expect(service.asked()).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    service.requests[1]?.answer();
    expect(await Promise.all(later)).toEqual(['c', 'd']);
  });

  it('are no more to a request than it takes', async () => {
    const service = slowService();
    const ask = gathered(service.request, { max: 2, openMax: 2 });
    for (const question of ['a', 'b', 'c', 'd', 'e']) void ask(question);
    await Promise.resolve();
    expect(service.asked()).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('that were refused are told so, and those behind them go', async () => {
    const service = slowService();
    const ask = gathered(service.request, { max: 10, openMax: 1 });
    const refused = ask('a');
    await Promise.resolve();
    const next = ask('b');
    service.requests[0]?.refuse();
    await expect(refused).rejects.toThrow('refused');
    await Promise.resolve();
    service.requests[1]?.answer();
    expect(await next).toBe('b');
  });

  it('do not hang behind a request that hangs', async () => {
    vi.useFakeTimers();
    const service = slowService();
    const ask = gathered(service.request, { max: 10, openMax: 1, slowMs: 50 });
    void ask('a');
    await Promise.resolve();
    const next = ask('b');
    await vi.advanceTimersByTimeAsync(49);
    expect(service.asked()).toEqual([['a']]);
    await vi.advanceTimersByTimeAsync(1);
    expect(service.asked()).toEqual([['a'], ['b']]);
    // Its late end frees no second place.
    service.requests[0]?.answer();
    await Promise.resolve();
    void ask('c');
    await Promise.resolve();
    expect(service.asked()).toEqual([['a'], ['b']]);
    service.requests[1]?.answer();
    expect(await next).toBe('b');
  });
});
