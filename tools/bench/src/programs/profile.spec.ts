import { expect, it } from 'vitest';
import { profileText } from './profile.ts';

const node = (id: number, functionName: string, url = '') => ({
  id,
  callFrame: { functionName, url, lineNumber: 9 },
});

it('tells the functions by the time they took themselves, by paths of the checkout', () => {
  const text = profileText(
    {
      nodes: [
        node(1, '(idle)'),
        node(2, 'decode', 'file:///some/where/libs/read.ts'),
        node(3, 'decode', 'file:///some/where/libs/read.ts'),
        node(4, 'write', 'node:net'),
      ],
      samples: [1, 2, 4, 3],
      timeDeltas: [50_000, 6_000, 1_000, 3_000],
    },
    '/some/where',
  );
  expect(text.split('\n').filter((line) => line.includes('%'))).toEqual([
    '      9 ms  90.0 %  decode  libs/read.ts',
    '      1 ms  10.0 %  write  node:net:10',
  ]);
});
