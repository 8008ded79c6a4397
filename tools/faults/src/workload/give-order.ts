import { measurements } from '@samspill/contracts';
import { vaultOperator } from '@samspill/testing';
import { orderedConsumer } from '../evidence/operations.ts';
import type { OrderAction } from '../history/history-line.ts';
import type { Person } from './people.ts';

const timeoutMs = 12_000;
const product = measurements.name;
const cause = 'fault run';

export interface OrderAnswer {
  readonly isDone: boolean;
  readonly text: string;
}

/** Gives a key vault one order, once. */
export async function giveOrder(
  url: string,
  action: OrderAction,
  person: Person,
): Promise<OrderAnswer> {
  const vault = vaultOperator(url, timeoutMs);
  const order = { product, patient: { pseudonym: person.pseudonym }, cause };
  try {
    const { status, body } = await (action === 'shred'
      ? vault.shred(order)
      : vault.grant(action, { ...order, consumer: orderedConsumer }));
    const isDone = status >= 200 && status < 300;
    return { isDone, text: isDone ? JSON.stringify(body) : `status ${status}` };
  } catch (error) {
    return { isDone: false, text: error instanceof Error ? error.name : 'no answer' };
  }
}
