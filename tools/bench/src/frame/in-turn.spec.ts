import { expect, it } from 'vitest';
import { inTurn, type Turn } from './in-turn.ts';

const quiet = { say: () => undefined, signal: new AbortController().signal };

it('lets each contender run once before any runs again', async () => {
  const ran: string[] = [];
  const turn = (name: string): Turn => ({
    name,
    work: () => Promise.resolve(void ran.push(name)),
  });
  await inTurn({ ...quiet, runs: 2 }, [turn('a'), turn('b')], () => undefined);
  expect(ran).toEqual(['a', 'b', 'a', 'b']);
});

it('goes on behind one that fails, and tells of it', async () => {
  const ran: string[] = [];
  const failures: string[] = [];
  await inTurn(
    { ...quiet, runs: 1 },
    [
      { name: 'a', work: () => Promise.reject(new Error('wrong row')) },
      { name: 'b', work: () => Promise.resolve(void ran.push('b')) },
    ],
    ({ name }, error) => failures.push(`${name}: ${String(error)}`),
  );
  expect(ran).toEqual(['b']);
  expect(failures).toEqual(['a: Error: wrong row']);
});

it('ends when the run is interrupted', async () => {
  const interrupted = new AbortController();
  const work = (): Promise<void> => {
    interrupted.abort(new Error('interrupted'));
    return Promise.reject(new Error('its process was ended'));
  };
  const options = { say: () => undefined, runs: 5, signal: interrupted.signal };
  await expect(inTurn(options, [{ name: 'a', work }], () => undefined)).rejects.toThrow(
    'interrupted',
  );
});
