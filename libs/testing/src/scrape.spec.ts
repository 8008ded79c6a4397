import { expect, it } from 'vitest';
import { parseSamples } from './scrape.ts';

it('a page of metrics is read with its labels, whatever signs they hold', () => {
  const page = [
    '# HELP lag Records {not a sample} 1',
    '# TYPE lag gauge',
    String.raw`lag{topic="a.b",said="a \"b\", c=\\d\n"} 3`,
    'lag{topic="c"} Nan',
    'up 1e3',
    'size_bucket{le="+Inf"} 7',
    '',
  ].join('\n');
  expect(parseSamples(page)).toEqual([
    { name: 'lag', labels: { topic: 'a.b', said: 'a "b", c=\\d\n' }, value: 3 },
    { name: 'lag', labels: { topic: 'c' }, value: NaN },
    { name: 'up', labels: {}, value: 1000 },
    { name: 'size_bucket', labels: { le: '+Inf' }, value: 7 },
  ]);
});
