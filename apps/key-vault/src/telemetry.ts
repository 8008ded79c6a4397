import { subscriptions } from '@samspill/contracts';
import type { KeyOutcome } from '@samspill/privacy';
import { Counter, type Registry } from 'prom-client';
import type { GrantOrder } from './withholding-order.ts';

const outcomes: readonly KeyOutcome['outcome'][] = ['key', 'withheld', 'shredded', 'unavailable'];
const orders = ['close', 'open'] as const;

/** What the vault counts: never by patient. */
export interface Telemetry {
  readonly keysAsked: (consumer: string, product: string, outcomes: readonly KeyOutcome[]) => void;
  readonly keysShredded: (product: string, count: number) => void;
  readonly grantsOrdered: (about: GrantOrder, order: 'close' | 'open', count: number) => void;
  readonly factsPublished: (count: number) => void;
}

export function telemetry(registry: Registry): Telemetry {
  const registers = [registry];
  const asked = new Counter({
    name: 'key_vault_opening_keys_total',
    help: 'Keys asked for by consumers, by outcome.',
    labelNames: ['consumer', 'product', 'outcome'],
    registers,
  });
  const shredded = new Counter({
    name: 'key_vault_patients_shredded_total',
    help: 'Calls that destroyed keys, counted once a pseudonym.',
    labelNames: ['product'],
    registers,
  });
  const ordered = new Counter({
    name: 'key_vault_grants_ordered_total',
    help: 'Orders that closed or opened a grant, counted once a pseudonym.',
    labelNames: ['consumer', 'product', 'order'],
    registers,
  });
  const published = new Counter({
    name: 'key_vault_facts_published_total',
    help: 'Facts that the outbox relay of this instance put into the log.',
    registers,
  });
  // There from the start, so that the first of a kind is seen as a rise.
  for (const { consumer, products } of Object.values(subscriptions)) {
    for (const product of products) {
      shredded.inc({ product }, 0);
      for (const outcome of outcomes) asked.inc({ consumer, product, outcome }, 0);
      for (const order of orders) ordered.inc({ consumer, product, order }, 0);
    }
  }
  return {
    keysAsked: (consumer, product, outcomes) => {
      const counts = Map.groupBy(outcomes, ({ outcome }) => outcome);
      for (const [outcome, { length }] of counts) {
        asked.inc({ consumer, product, outcome }, length);
      }
    },
    keysShredded: (product, count) => shredded.inc({ product }, count),
    grantsOrdered: ({ subscription: { consumer }, product }, order, count) =>
      ordered.inc({ consumer, product, order }, count),
    factsPublished: (count) => published.inc(count),
  };
}
