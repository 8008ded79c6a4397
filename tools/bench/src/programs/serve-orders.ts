import { settingVariable, type Answer, type Order, type Orders } from './orders.ts';

/** What the harness gave the program when it started it. */
export const givenSetting = (): unknown => JSON.parse(process.env[settingVariable] ?? '');

/** Carries out the orders of the harness, each as it comes; the program ends with the harness, or after `end`. */
export function serveOrders(orders: Orders & { end(): Promise<void> }): void {
  process.on('message', (order: Order) => void carryOut(orders, order));
  process.on('disconnect', () => process.exit(1));
  process.send?.({ number: 0 } satisfies Answer);
}

async function carryOut(orders: Orders, { number, name, given }: Order): Promise<void> {
  try {
    const answer = await orders[name]?.(given as never);
    process.send?.({ number, answer } satisfies Answer);
  } catch (error) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.send?.({ number, error: told } satisfies Answer);
  }
  if (name === 'end') process.exit(0);
}
