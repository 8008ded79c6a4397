import { describe, expect, it } from 'vitest';
import { KeyTurns } from './key-turns.ts';

describe('turns on a key', () => {
  it('run works on a common key in the order of the calls, and others side by side', async () => {
    const turns = new KeyTurns();
    const { promise: gate, resolve: open } = Promise.withResolvers<undefined>();
    const done: string[] = [];
    const works = [
      turns.run(['a', 'b'], async () => {
        await gate;
        done.push('first');
      }),
      turns.run(['b', 'c'], () => Promise.resolve(void done.push('second'))),
      turns.run(['d'], () => Promise.resolve(void done.push('aside'))),
    ];
    await works[2];
    expect(done).toEqual(['aside']);
    open(undefined);
    await Promise.all(works);
    expect(done).toEqual(['aside', 'first', 'second']);
  });

  it('go on after a work that failed', async () => {
    const turns = new KeyTurns();
    await expect(turns.run(['a'], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await turns.run(['a'], () => Promise.resolve('yes'))).toBe('yes');
  });
});
