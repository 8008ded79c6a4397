import { expect, it } from 'vitest';
import { subscription } from './subscription.ts';

it('every product that the ward subscribes to has a projection, and no other has one', () => {
  const projected = subscription.projections.map(({ product }) => product.name);
  expect([...projected].sort()).toEqual([...subscription.products].sort());
});
