import { describe, expect, it } from 'vitest';
import { faultsOfTags } from './project-tags.ts';

describe('the tags of a project', () => {
  it('are right with one known layer and one scope', () => {
    expect(faultsOfTags(['layer:kernel', 'scope:shared', 'runtime:any'])).toEqual([]);
  });

  it.each([
    [['scope:shared'], '0 layers instead of one'],
    [['layer:app', 'layer:edge', 'scope:shared'], '2 layers instead of one'],
    [['layer:app'], '0 scopes instead of one'],
    [['layer:app', 'scope:a', 'scope:b'], '2 scopes instead of one'],
    [['layer:cellar', 'scope:shared'], 'layer:cellar is not known'],
  ])('are refused when they are %j: %s', (tags, fault) => {
    expect(faultsOfTags(tags)).toEqual([fault]);
  });
});
