import { isDestroyed } from '../evidence/evidence.ts';
import { standingById } from '../evidence/log-index.ts';
import { operationsOf, ordersOf } from '../evidence/operations.ts';
import type { Check } from './check.ts';

/** An event under a key that was destroyed before is acknowledged and can never be read. */
export const laterCareKept: Check = {
  name: 'later-care-kept',
  promise:
    'what is sent after a shred was answered is sealed by a new key; what no shred destroyed can be opened',
  find: ({ history, log, shredded }) => {
    const events = standingById(log);
    const answered = new Map(
      ordersOf(history).flatMap(({ action, patient, answeredAt }) =>
        action === 'shred' ? [[patient, answeredAt ?? Infinity] as const] : [],
      ),
    );
    const underOldKey = operationsOf(history).flatMap(({ invoked, outcome }) => {
      if (outcome?.kind !== 'ok') return [];
      const { patient, eventId, position, op } = outcome;
      const event = events.get(eventId);
      const isLater = invoked.at > (answered.get(patient) ?? Infinity);
      const isLost = event !== undefined && isDestroyed(shredded, patient, event.keyVersion);
      if (!isLater || !isLost) return [];
      const message = `${op}, sent after the shred was answered, is sealed by the destroyed key version ${event.keyVersion}`;
      return [{ message, patient, eventId, position, at: outcome.at }];
    });
    const locked = log.flatMap(({ eventId, key, keyVersion, unopened }) =>
      unopened === undefined || isDestroyed(shredded, key, keyVersion)
        ? []
        : [{ message: `${eventId} cannot be opened: ${unopened}`, patient: key, eventId }],
    );
    return [...underOldKey, ...locked];
  },
};
