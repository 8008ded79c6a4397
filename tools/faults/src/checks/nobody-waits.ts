import { orderedConsumer, orderedGrants } from '../evidence/operations.ts';
import type { Check } from './check.ts';

/** Finds a vault that was away and taken for one that withholds, a backfill that never ends, and patients parked for nothing. */
export const nobodyWaits: Check = {
  name: 'nobody-waits',
  promise: 'in the end nobody is parked or catching up, and nobody withheld without an order',
  find: ({ history, readModels }) => {
    const grants = orderedGrants(history);
    return readModels.flatMap(({ name, consumer, gates }) =>
      gates.flatMap(({ patient, state, reason, position }) => {
        const isOrdered =
          state === 'withheld' && consumer === orderedConsumer && grants.get(patient) === 'close';
        if (state === 'open' || isOrdered) return [];
        const message = `${name} has a patient ${state} since ${position}: ${reason}`;
        return [{ message, patient, position }];
      }),
    );
  },
};
