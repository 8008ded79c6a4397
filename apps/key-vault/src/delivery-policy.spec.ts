import { subscriptions } from '@samspill/contracts';
import { newPseudonym } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import { mayDeliver } from './delivery-policy.ts';

describe('delivery policy', () => {
  it.each(Object.values(subscriptions))('permits $consumer and names the rule', (subscription) => {
    const { consumer } = subscription;
    const [product] = subscription.products;
    const decision = mayDeliver({ consumer, product, patient: newPseudonym(), subscription });
    expect(decision).toEqual({ permit: true, rules: ['every-subscriber-is-permitted'] });
  });
});
