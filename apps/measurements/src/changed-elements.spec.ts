import { describe, expect, it } from 'vitest';
import { changedElements } from './changed-elements.ts';

describe('changed elements', () => {
  it('are named where content was added, taken out or changed', () => {
    const former = '{"status":"final","a":1.0,"b":{"x":1,"y":2},"c":[1]}';
    const present = '{"status":"final","a":1.00,"b":{"y":2,"x":1},"d":true}';
    expect(changedElements(former, present)).toEqual([
      'Observation.a',
      'Observation.c',
      'Observation.d',
    ]);
  });

  it('are none where the former content is not at hand', () => {
    expect(changedElements(undefined, '{"a":1}')).toEqual([]);
  });
});
