import type {
  Acknowledged,
  HistoryLine,
  Invoked,
  OrderAction,
  Refused,
} from '../history/history-line.ts';

/** An operation from its first try to its outcome. */
export interface OperationSeen {
  readonly invoked: Invoked & { readonly at: number };
  /** Undefined when the run ended without any. */
  readonly outcome: ((Acknowledged | Refused) & { readonly at: number }) | undefined;
}

/** An order from its first giving to its answer. */
export interface OrderSeen {
  readonly order: string;
  readonly action: OrderAction;
  readonly patient: string;
  readonly givenAt: number;
  readonly answeredAt: number | undefined;
}

/** The operations in the order in which they were first invoked. */
export function operationsOf(history: readonly HistoryLine[]): OperationSeen[] {
  const seen = new Map<string, OperationSeen>();
  for (const line of history) {
    if (line.kind === 'invoke') {
      if (!seen.has(line.op)) seen.set(line.op, { invoked: line, outcome: undefined });
    } else if (line.kind === 'ok' || line.kind === 'fail' || line.kind === 'erased') {
      const known = seen.get(line.op);
      if (known !== undefined && known.outcome === undefined)
        seen.set(line.op, { ...known, outcome: line });
    }
  }
  return [...seen.values()];
}

/** The orders in the order in which they were first given. */
export function ordersOf(history: readonly HistoryLine[]): OrderSeen[] {
  const seen = new Map<string, OrderSeen>();
  for (const line of history) {
    if (line.kind === 'order' && !seen.has(line.order)) {
      const { order, action, patient, at } = line;
      seen.set(order, { order, action, patient, givenAt: at, answeredAt: undefined });
    } else if (line.kind === 'ordered') {
      const known = seen.get(line.order);
      if (known !== undefined) seen.set(line.order, { ...known, answeredAt: line.at });
    }
  }
  return [...seen.values()];
}

/** Acknowledgements alone. */
export const acknowledgedOf = (
  history: readonly HistoryLine[],
): (Acknowledged & { readonly at: number })[] => history.filter((line) => line.kind === 'ok');

/** The consumer whose grants the workload closes and opens. */
export const orderedConsumer = 'emergency-ward';

/** What the last answered order says of a patient's grant; patients without an order of that kind are left out. */
export function orderedGrants(
  history: readonly HistoryLine[],
): Map<string, Exclude<OrderAction, 'shred'>> {
  const grants = new Map<string, Exclude<OrderAction, 'shred'>>();
  for (const { action, patient } of ordersOf(history)) {
    if (action !== 'shred') grants.set(patient, action);
  }
  return grants;
}
