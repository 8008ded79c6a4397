import { expect, it } from 'vitest';
import { Turn } from './turn.ts';

it('is had by one at a time, in the order in which they asked', async () => {
  const turn = new Turn();
  const had: string[] = [];
  const endFirst = await turn.take();
  const work = async (name: string): Promise<void> => {
    const end = await turn.take();
    had.push(`${name} begins`);
    await Promise.resolve();
    had.push(`${name} ends`);
    end();
  };
  const others = [work('second'), work('third')];
  await Promise.resolve();
  expect(had).toEqual([]);
  endFirst();
  await Promise.all(others);
  expect(had).toEqual(['second begins', 'second ends', 'third begins', 'third ends']);
});
