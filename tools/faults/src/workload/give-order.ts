import { measurements } from '@samspill/contracts';
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
  const patient = { pseudonym: person.pseudonym };
  const [path, body] =
    action === 'shred'
      ? ['/shred', { product, patient, cause }]
      : [`/grants/${action}`, { consumer: orderedConsumer, product, patient, cause }];
  try {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'samspill-client': 'operator', 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await answer.text();
    return { isDone: answer.ok, text: answer.ok ? text : `status ${answer.status}` };
  } catch (error) {
    return { isDone: false, text: error instanceof Error ? error.name : 'no answer' };
  }
}
