import { acknowledgedOf } from '../evidence/operations.ts';
import { positionsById, recordsByPosition } from '../evidence/log-index.ts';
import type { Check } from './check.ts';

/** Finds what was acknowledged and lost, or acknowledged before it was sent (engine guide, section 3). */
export const acknowledgedInPlace: Check = {
  name: 'acknowledged-in-place',
  promise: 'an acknowledged event lies at the position of its acknowledgement',
  find: ({ history, log }) => {
    const held = recordsByPosition(log);
    const places = positionsById(log);
    return acknowledgedOf(history).flatMap(({ op, patient, eventId, position, at }) => {
      const found = held.get(position);
      if (found?.eventId === eventId) return [];
      const there = found === undefined ? 'nothing' : `event ${found.eventId}`;
      const elsewhere = places.get(eventId)?.join(', ') ?? 'nowhere';
      const message = `${op} was acknowledged as ${eventId} at ${position}, where the log holds ${there}; the event lies ${elsewhere}`;
      return [{ message, patient, eventId, position, at }];
    });
  },
};
