import type { ConsumerSubscription } from '@samspill/contracts';
import type { Pseudonym } from '@samspill/kernel';

/** May this consumer hold this patient's data of this product? */
export interface DeliveryQuestion {
  readonly consumer: string;
  readonly product: string;
  readonly patient: Pseudonym;
  /** What the consumer has declared: purpose of use, legal entity, enforcement. */
  readonly subscription: ConsumerSubscription;
  /** An order to withhold stands (withholding-order.ts). */
  readonly isWithheldByOrder: boolean;
}

export interface DeliveryDecision {
  readonly permit: boolean;
  /** Names of the rules that decided; a refusal's are the cause of `GrantClosed`. */
  readonly rules: readonly string[];
}

export type DeliveryPolicy = (question: DeliveryQuestion) => DeliveryDecision;

/** The rule that an order of an operator is. */
export const orderRule = 'withheld-by-order';

/**
 * The one place where delivery is judged (design D6, D8): pure, so what it must know comes with the question.
 * It permits every subscriber unless an order stands: consents, blocks and opt-outs are not known to the vault yet.
 */
export const mayDeliver: DeliveryPolicy = ({ isWithheldByOrder }) =>
  isWithheldByOrder
    ? { permit: false, rules: [orderRule] }
    : { permit: true, rules: ['every-subscriber-is-permitted'] };
