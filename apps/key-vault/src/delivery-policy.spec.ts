import { subscriptions } from '@samspill/contracts';
import { newPseudonym } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import { mayDeliver, type DeliveryDecision } from './delivery-policy.ts';

const everySubscription = Object.values(subscriptions);
type Subscription = (typeof everySubscription)[number];

const judge = (subscription: Subscription, isWithheldByOrder: boolean): DeliveryDecision => {
  const { consumer } = subscription;
  const [product] = subscription.products;
  const patient = newPseudonym();
  return mayDeliver({ consumer, product, patient, subscription, isWithheldByOrder });
};

describe('delivery policy', () => {
  it.each(everySubscription)('permits $consumer and names the rule', (subscription) => {
    const permitted = { permit: true, rules: ['every-subscriber-is-permitted'] };
    expect(judge(subscription, false)).toEqual(permitted);
  });

  it.each(everySubscription)('refuses $consumer while an order stands', (subscription) => {
    expect(judge(subscription, true)).toEqual({ permit: false, rules: ['withheld-by-order'] });
  });
});
