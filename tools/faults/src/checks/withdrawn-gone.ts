import { isDestroyed } from '../evidence/evidence.ts';
import { operationsOf, orderedConsumer, orderedGrants, ordersOf } from '../evidence/operations.ts';
import type { Check } from './check.ts';

/** By what was ordered, not by the log: an order that was answered and never published is found too. */
export const withdrawnGone: Check = {
  name: 'withdrawn-gone',
  promise:
    'a patient whose grant is closed has no rows at that consumer; what a destroyed key sealed has no rows anywhere',
  find: ({ history, log, readModels, shredded }) => {
    const orders = ordersOf(history);
    const grants = orderedGrants(history);
    const lastOrder = new Map(orders.map((order) => [order.patient, order]));
    const versions = new Map(log.map(({ eventId, keyVersion }) => [eventId, keyVersion]));
    const shreddedAt = new Map(
      orders.flatMap(({ action, patient, givenAt, answeredAt }) =>
        action === 'shred' && answeredAt !== undefined ? [[patient, givenAt] as const] : [],
      ),
    );
    const acknowledgedAt = new Map(
      operationsOf(history).flatMap(({ outcome }) =>
        outcome?.kind === 'ok' ? [[outcome.eventId, outcome.at] as const] : [],
      ),
    );
    const wasDestroyed = (patient: string, eventId: string): boolean => {
      const byLog = isDestroyed(shredded, patient, versions.get(eventId) ?? Infinity);
      const before = shreddedAt.get(patient);
      return byLog || (before !== undefined && (acknowledgedAt.get(eventId) ?? Infinity) < before);
    };
    return readModels.flatMap(({ name, consumer, rows }) => {
      if (consumer === undefined) return [];
      return rows.flatMap(({ patient, eventId }) => {
        const at = lastOrder.get(patient)?.answeredAt;
        const found = { patient, eventId, at };
        if (wasDestroyed(patient, eventId))
          return [{ ...found, message: `${name} holds ${eventId}, whose key was destroyed` }];
        if (consumer === orderedConsumer && grants.get(patient) === 'close')
          return [
            { ...found, message: `${name} holds ${eventId} of a patient whose grant is closed` },
          ];
        return [];
      });
    });
  },
};
