import type { KeyOutcome } from '@samspill/privacy';
import { Counter, type Registry } from 'prom-client';
import type { GrantOrder } from './withholding-order.ts';

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
  return {
    keysAsked: (consumer, product, outcomes) => {
      for (const { outcome } of outcomes) asked.inc({ consumer, product, outcome });
    },
    keysShredded: (product, count) => shredded.inc({ product }, count),
    grantsOrdered: ({ subscription: { consumer }, product }, order, count) =>
      ordered.inc({ consumer, product, order }, count),
    factsPublished: (count) => published.inc(count),
  };
}
